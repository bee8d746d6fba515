import { z } from 'zod';
import { requestedEventQuery } from '../../../events/query/event-query-schema.ts';
import { eventQueryParameters } from '../../../events/query/event-query-string.ts';
import { strictFields } from '../../../events/json/strict-fields.ts';
import { documentation, pageOf, pagingParameters } from '../../documentation.ts';

const text = (description: string) => z.string().optional().describe(description);

// Documentation: POST /v1/events is read by events/parse-events.ts, which keeps every digit as sent.
const eventFields = {
  timestamp: z.iso
    .datetime({ offset: true })
    .optional()
    .describe(
      'RFC 3339, 1970–2099, at most nine sub-second digits; now when not given. More than 24 hours ahead is refused, unless the operator allows it for the company.',
    ),
  workspaceId: z.uuid().optional().describe('Required with a company key.'),
  projectId: text('A project within the workspace.'),
  category: z.string().min(1).max(256).describe('1–256 characters.'),
  action: z.string().min(1).max(256).describe('1–256 characters.'),
  actor: z
    .strictObject({
      id: text('Who acted.'),
      email: text('Their email address.'),
      role: text('Their role.'),
    })
    .optional(),
  resource: z
    .strictObject({ type: text('What kind of thing was acted on.'), id: text('Which one.') })
    .optional(),
  metadata: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Any JSON; kept digit for digit, key order included.'),
  tags: z.array(z.string().max(256)).max(20).optional(),
  traceId: text('Joins events of one operation.'),
  ipAddress: text('As text, not checked.'),
  geo: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  userAgent: text('As sent by the client.'),
  idempotencyKey: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe(
      'A second event with the same key and content is not stored again, whatever the order of its keys and the spelling of its numbers and texts. Keys belong to the API key that sent them; the same bytes sent with another API key are not stored again either.',
    ),
};

const newEvent = z.strictObject(eventFields).meta({
  id: 'NewEvent',
  description: 'An audit event to store; at most 256 KiB, nested at most 64 deep.',
});

const storedEvent = z
  .object({
    id: z.uuid(),
    companyId: z.uuid(),
    ...eventFields,
    timestamp: z.string(),
    workspaceId: z.uuid(),
  })
  .meta({ id: 'Event', description: 'A stored audit event: its canonical JSON, values as sent.' });

const receipt = z
  .object({
    receivedAt: z.iso.datetime().describe('When the event arrived, by the clock of the api.'),
    apiKey: z
      .object({
        id: z.uuid().describe('The API key that sent it.'),
        label: z.string().nullable().describe('Its name at that time.'),
      })
      .nullable(),
  })
  .meta({ id: 'EventReceipt' });

const eventPage = pageOf(storedEvent).extend({
  receipts: z
    .array(receipt.nullable())
    .optional()
    .describe(
      'Of each event in `data`, at the same position: when and through which API key it arrived. Not part of the stored event. null for events stored before this was recorded. Absent when `data` is empty.',
    ),
});

const batch = z
  .strictObject({ events: z.array(newEvent).min(1).max(1000) })
  .meta({ id: 'EventBatch' });

const batchResult = z
  .object({
    results: z.array(
      z.object({
        index: z.int().describe('Position in the batch, from 0.'),
        status: z.enum(['created', 'replayed', 'rejected']),
        id: z.uuid().optional(),
        code: z.string().optional().describe('Why it was rejected, for programs.'),
        detail: z.string().optional().describe('Why it was rejected, for people.'),
        path: z.string().optional().describe('The field that was rejected, where known.'),
      }),
    ),
    created: z.int(),
    replayed: z.int(),
    rejected: z.int(),
  })
  .meta({ id: 'EventBatchResult' });

const created = z.object({ id: z.uuid() });

export const CREATE_EVENTS_DOCUMENTATION = documentation({
  tags: ['Events'],
  operationId: 'createEvents',
  summary: 'Store one event, or a batch of at most 1000',
  description:
    'One event answers 201 with its id, or 200 when its idempotency key was used with the same content. A batch always answers 200 and says for each event what became of it; the good ones are stored.',
  body: z.union([newEvent, batch]),
  responses: { 200: z.union([batchResult, created]), 201: created },
  problems: [
    'MALFORMED_JSON',
    'VALIDATION_FAILED',
    'BATCH_TOO_LARGE',
    'WORKSPACE_REQUIRED',
    'PERMISSION_DENIED',
    'WORKSPACE_FORBIDDEN',
    'IDEMPOTENCY_CONFLICT',
    'TIMESTAMP_IN_FUTURE',
    'TIME_RANGE_LIMIT',
    'PAYLOAD_TOO_LARGE',
    'UNSUPPORTED_MEDIA_TYPE',
  ],
});

export const LIST_EVENTS_DOCUMENTATION = documentation({
  tags: ['Events'],
  operationId: 'listEvents',
  summary: 'List matching events, newest first',
  querystring: z.object({ ...pagingParameters, ...eventQueryParameters }),
  responses: { 200: eventPage },
  problems: [
    'VALIDATION_FAILED',
    'EMPTY_FILTER',
    'INVALID_CURSOR',
    'SEARCH_TOO_BROAD',
    'PERMISSION_DENIED',
    'WORKSPACE_FORBIDDEN',
  ],
});

export const searchEventsBody = strictFields({
  filters: requestedEventQuery
    .default({ version: 1 })
    .describe('Which events; all of the workspaces you reach when not given.'),
  limit: z.int().min(1).max(200).optional().describe('Most events on a page; 50 when not given.'),
  cursor: z.string().max(1000).optional().describe('`nextCursor` of the page before.'),
}).meta({ id: 'EventSearch' });

export const SEARCH_EVENTS_DOCUMENTATION = documentation({
  tags: ['Events'],
  operationId: 'searchEvents',
  summary: 'List matching events, newest first, with the filters in a body',
  description:
    'As `GET /v1/events`, for filters that are too long for an address. Stores nothing. A cursor of one works with the other.',
  body: searchEventsBody,
  responses: { 200: eventPage },
  problems: [
    'MALFORMED_JSON',
    'VALIDATION_FAILED',
    'EMPTY_FILTER',
    'INVALID_CURSOR',
    'SEARCH_TOO_BROAD',
    'PERMISSION_DENIED',
    'WORKSPACE_FORBIDDEN',
    'PAYLOAD_TOO_LARGE',
    'UNSUPPORTED_MEDIA_TYPE',
  ],
});
