/** Default columns of a CSV file. Names and order are part of the API contract. */
export const DEFAULT_CSV_COLUMNS = [
  'id',
  'timestamp',
  'workspaceId',
  'projectId',
  'category',
  'action',
  'actorId',
  'actorEmail',
  'actorRole',
  'resourceType',
  'resourceId',
  'metadata',
  'tags',
  'traceId',
  'ipAddress',
  'geo',
  'userAgent',
] as const;

/** Receipt of an event: arrival time and API key. Empty if not recorded. */
export const RECEIPT_CSV_COLUMNS = ['receivedAt', 'apiKeyId', 'apiKeyLabel'] as const;

/** All columns that a CSV file can have. */
export const CSV_COLUMNS = [...DEFAULT_CSV_COLUMNS, ...RECEIPT_CSV_COLUMNS] as const;

export type CsvColumn = (typeof CSV_COLUMNS)[number];
