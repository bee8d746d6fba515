import { z } from 'zod';
import { requestedEventQuery } from '../../../events/query/event-query-schema.ts';
import { strictFields } from '../../../events/json/strict-fields.ts';
import type { ErrorCode } from '../../../errors.ts';
import { keysOf } from '../../../../../contract/keys-of.ts';
import { ROWS_EXPECTED_REASONS } from '../../../exports/rows-expected.ts';
import { EXPORT_FAILURES } from '../../../exports/export-failure.ts';
import { EXPORT_STATUSES } from '../../../../../contract/export-state.ts';
import { COMPRESSIONS } from '../../../exports/formats/compression.ts';
import { CSV_COLUMNS } from '../../../../../contract/csv-columns.ts';
import { EXPORT_FORMATS } from '../../../exports/formats/format.ts';
import { lineText } from '../../../tenancy/name-text.ts';
import { documentation, pageOf, pagingParameters } from '../../documentation.ts';

export const CSV_DEFAULTS = { formulaGuard: true, bom: false };

/** The columns of a CSV file, in the order given. */
export const csvColumns = z
  .array(z.enum(CSV_COLUMNS))
  .min(1)
  .refine((names) => new Set(names).size === names.length, 'names a column twice')
  .describe(
    'The columns of a CSV file, in this order. Default: all except `receivedAt`, `apiKeyId` and `apiKeyLabel`, the time and the API key with which an event arrived.',
  );

export const csvOptions = strictFields({
  formulaGuard: z
    .boolean()
    .default(CSV_DEFAULTS.formulaGuard)
    .describe(
      "Put one ' in front of cells that begin with = + - @ tab CR or ', so that a spreadsheet does not run them.",
    ),
  bom: z
    .boolean()
    .default(CSV_DEFAULTS.bom)
    .describe('Start the file with a byte order mark, for old versions of Excel.'),
  columns: csvColumns.optional(),
});

/** The reason for this export. */
export const purpose = lineText(500)
  .nullish()
  .describe('The reason for the export, or a ticket. Stored with the job.');

export const createExportBody = strictFields({
  source: z
    .enum(['HOT', 'ARCHIVED', 'HOT_AND_ARCHIVED'])
    .default('HOT')
    .describe('This version supports only HOT.'),
  format: z.enum(EXPORT_FORMATS),
  filters: requestedEventQuery
    .default({ version: 1 })
    .describe(
      'The events to export. Default: all events of the workspaces that the key can access.',
    ),
  limit: z
    .int()
    .min(1)
    .nullish()
    .describe(
      'Maximum number of events, oldest first. If more events match, the job has `truncated: true`.',
    ),
  compression: z.enum(COMPRESSIONS).default('none'),
  csv: csvOptions.default(CSV_DEFAULTS),
  purpose,
}).meta({ id: 'NewExport' });

export type CreateExportBody = z.output<typeof createExportBody>;

const digest = (description: string) =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .describe(description);
const time = z.iso.datetime().nullable();

const exportJob = z
  .object({
    jobId: z.uuid(),
    companyId: z.uuid(),
    workspaceIds: z.array(z.uuid()),
    requestedBy: z.object({ type: z.enum(['user', 'api_key']), id: z.string(), label: z.string() }),
    source: z.literal('HOT'),
    format: z.enum(EXPORT_FORMATS),
    compression: z.enum(COMPRESSIONS),
    csv: z.object({
      formulaGuard: z.boolean(),
      bom: z.boolean(),
      columns: z.array(z.enum(CSV_COLUMNS)).optional().describe('Absent for the default columns.'),
    }),
    filters: z
      .looseObject({ version: z.literal(1) })
      .describe('The canonical EventQuery with its time range resolved.'),
    savedExplorerViewId: z.uuid().nullable(),
    templateId: z.uuid().nullable(),
    rerunOf: z.uuid().nullable(),
    purpose: z.string().nullable(),
    limit: z.int().nullable(),
    status: z.enum(EXPORT_STATUSES),
    rowsExported: z
      .int()
      .describe('Rows exported so far; after the job has succeeded, rows in the file.'),
    rowsExpected: z
      .int()
      .nullable()
      .describe('null if counting would take longer than two seconds.'),
    rowsExpectedExact: z
      .boolean()
      .describe(
        'True if `rowsExpected` is the exact count of the events that the job covers. The job then succeeds only with exactly as many rows.',
      ),
    rowsExpectedReason: z
      .enum(ROWS_EXPECTED_REASONS)
      .nullable()
      .describe(
        'Why the count is not exact. The rows of the file are then compared only with the number of rows that PostgreSQL reported.',
      ),
    bytes: z.int().nullable().describe('Size of the stored file.'),
    sha256: digest('SHA-256 of the stored file.'),
    contentSha256: digest('SHA-256 of the uncompressed content.'),
    truncated: z.boolean().describe('True if more events matched than `limit` allows.'),
    attempt: z.int(),
    cancelRequestedAt: time,
    failureCode: z.enum(keysOf(EXPORT_FAILURES)).nullable(),
    failureSummary: z.string().nullable(),
    retryHint: z.string().nullable(),
    unfinishedPartsRemain: z
      .boolean()
      .describe('The artifact store refused to delete parts of the file. A cleanup task retries.'),
    createdAt: z.iso.datetime(),
    startedAt: time,
    finishedAt: time,
    artifactExpiresAt: time,
    waitingFor: z
      .object({
        code: z.string(),
        reason: z.string(),
        since: time,
        nextTryAt: time.describe('Time of the next attempt; null while the job runs.'),
      })
      .nullable()
      .describe('The reason why an unfinished job is waiting; null if it is not waiting.'),
    artifactDeletedAt: time.describe('When the file was deleted on request.'),
    artifactDeletedBy: z
      .object({ type: z.enum(['user', 'api_key']), id: z.string(), label: z.string() })
      .nullable(),
  })
  .meta({ id: 'ExportJob' });

const params = z.object({ jobId: z.uuid() });
const tags = ['Exports'];

export const CREATE_EXPORT_DOCUMENTATION = documentation({
  tags,
  operationId: 'createExport',
  summary: 'Start an export',
  description:
    'Answers immediately with the job. Poll the job, then download the file. A replayed Idempotency-Key answers 200 with the first job.',
  headers: z.object({
    'idempotency-key': z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('Makes it safe to repeat the request, for 24 hours.'),
  }),
  body: createExportBody,
  responses: { 200: exportJob, 201: exportJob },
  problems: [
    'MALFORMED_JSON',
    'VALIDATION_FAILED',
    'EMPTY_FILTER',
    'SOURCE_UNSUPPORTED',
    'PERMISSION_DENIED',
    'WORKSPACE_FORBIDDEN',
    'IDEMPOTENCY_CONFLICT',
    'QUOTA_EXCEEDED',
    'PAYLOAD_TOO_LARGE',
    'UNSUPPORTED_MEDIA_TYPE',
    'EXPORT_TOO_LARGE',
  ],
});

export const LIST_EXPORTS_DOCUMENTATION = documentation({
  tags,
  operationId: 'listExports',
  summary: 'List export jobs, newest first',
  querystring: z.object({
    ...pagingParameters,
    status: z
      .union([z.enum(EXPORT_STATUSES), z.array(z.enum(EXPORT_STATUSES))])
      .optional()
      .describe('Repeat the parameter for several values.'),
    format: z.enum(EXPORT_FORMATS).optional(),
  }),
  responses: { 200: pageOf(exportJob) },
  problems: ['VALIDATION_FAILED', 'INVALID_CURSOR', 'PERMISSION_DENIED'],
});

export const GET_EXPORT_DOCUMENTATION = documentation({
  tags,
  operationId: 'getExport',
  summary: 'Get an export job',
  params,
  responses: { 200: exportJob },
  problems: ['PERMISSION_DENIED', 'NOT_FOUND'],
});

export const CANCEL_EXPORT_DOCUMENTATION = documentation({
  tags,
  operationId: 'cancelExport',
  summary: 'Cancel an export',
  description:
    'A running job stops within seconds. The response waits for up to three seconds; after that it has the status `running` with `cancelRequestedAt`.',
  params,
  responses: { 200: exportJob },
  problems: ['PERMISSION_DENIED', 'NOT_FOUND', 'EXPORT_NOT_CANCELABLE'],
});

export const DELETE_FILE_DOCUMENTATION = documentation({
  tags,
  operationId: 'deleteExportFile',
  summary: 'Delete the file of an export',
  description:
    'Deletes the file permanently. The job remains and records who deleted its file and when. Later downloads answer 410 EXPORT_FILE_DELETED. The request is idempotent.',
  params,
  responses: { 200: exportJob },
  problems: [
    'PERMISSION_DENIED',
    'NOT_FOUND',
    'EXPORT_NOT_READY',
    'EXPORT_NOT_AVAILABLE',
    'SCHEMA_DRIFT',
  ],
});

function file(description: string) {
  const schema = z.string();
  const types = ['application/x-ndjson', 'text/csv', 'application/gzip', 'application/zstd'];
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

const DOWNLOAD_PROBLEMS: readonly ErrorCode[] = [
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'EXPORT_NOT_READY',
  'EXPORT_NOT_AVAILABLE',
  'EXPORT_EXPIRED',
  'EXPORT_FILE_DELETED',
  'ARTIFACT_MISSING',
  'PRECONDITION_FAILED',
  'RANGE_NOT_SATISFIABLE',
  'ARTIFACT_UNAVAILABLE',
];

export const DOWNLOAD_EXPORT_DOCUMENTATION = documentation({
  tags,
  operationId: 'downloadExport',
  summary: 'Download the file of a succeeded export',
  description:
    'Streams the file. Resume with Range and If-Range. Verify the file with Repr-Digest or the ETag, which is the SHA-256. If-Match answers 412 if the file is another version. HEAD answers with the same headers.',
  params,
  responses: {
    200: file('The whole file.'),
    206: file('The requested range of the file.'),
    304: z.null().describe('If-None-Match names this version of the file.'),
  },
  problems: DOWNLOAD_PROBLEMS,
});
