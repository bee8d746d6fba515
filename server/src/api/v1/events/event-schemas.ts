import { z } from 'zod';
import { requestedEventQuery } from '../../../events/query/event-query-schema.ts';
import { eventQueryParameters } from '../../../events/query/event-query-string.ts';
import { strictFields } from '../../../events/json/strict-fields.ts';
import { documentation, pageOf, pagingParameters } from '../../documentation.ts';

const text = (description: string) => z.string().optional().describe(description);

// For documentation only: events/ingest/parse-events.ts parses the body of POST /v1/events and keeps every digit.
const eventFields = {
  timestamp: z.iso
    .datetime({ offset: true })
    .optional()
    .describe(
      'RFC 3339, 1970–2099, at most nine sub-second digits. Default: now. More than 24 hours in the future is rejected, unless the operator allows it for the company.',
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
    .strictObject({
      type: text('The kind of object that was acted on.'),
      id: text('The id of the object.'),
    })
    .optional(),
  metadata: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Any JSON value. Numbers keep every digit, objects keep their key order.'),
  tags: z.array(z.string().max(256)).max(20).optional(),
  traceId: text('Links the events of one operation.'),
  ipAddress: text('Free text, not validated.'),
  geo: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  userAgent: text('As sent by the client.'),
  idempotencyKey: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe(
      'A second event with the same key and content is not stored again; the order of its keys and the notation of its numbers and strings do not matter. Idempotency keys are scoped to the API key that sent them. The same bytes sent with another API key are not stored again either.',
    ),
};

const newEvent = z.strictObject(eventFields).meta({
  id: 'NewEvent',
  description: 'An audit event to store. At most 256 KiB and 64 levels of nesting.',
});

const storedEvent = z
  .object({
    id: z.uuid(),
    companyId: z.uuid(),
    ...eventFields,
    timestamp: z.string(),
    workspaceId: z.uuid(),
  })
  .meta({
    id: 'Event',
    description: 'A stored audit event: canonical JSON with the values as sent.',
  });

const receipt = z
  .object({
    receivedAt: z.iso.datetime().describe('When the event arrived, by the clock of the API.'),
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
      'For each event in `data`, at the same position: the time and the API key with which it arrived. Not part of the stored event. null for events stored before receipts were recorded. Absent if `data` is empty.',
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
        code: z.string().optional().describe('The error code of the rejection, for programs.'),
        detail: z.string().optional().describe('The reason for the rejection, for people.'),
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
    'A single event answers 201 with its id, or 200 if its idempotency key was used before with the same content. A batch always answers 200 with one result per event; valid events are stored even if others are rejected.',
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
    .describe('The events to list. Default: all events of the workspaces that the key can access.'),
  limit: z.int().min(1).max(200).optional().describe('Maximum events per page. Default: 50.'),
  cursor: z.string().max(1000).optional().describe('`nextCursor` of the previous page.'),
}).meta({ id: 'EventSearch' });

export const SEARCH_EVENTS_DOCUMENTATION = documentation({
  tags: ['Events'],
  operationId: 'searchEvents',
  summary: 'List matching events, newest first, with the filters in a body',
  description:
    'Like `GET /v1/events`, for filters that are too long for a URL. Stores nothing. Cursors of the two operations are interchangeable.',
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
