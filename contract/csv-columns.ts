/** The columns of a CSV file unless the request names others: contract, names and order. */
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

/** How an event arrived: when, and through which API key. Empty where that was not recorded. */
export const RECEIPT_CSV_COLUMNS = ['receivedAt', 'apiKeyId', 'apiKeyLabel'] as const;

/** Every column that a CSV file can have. */
export const CSV_COLUMNS = [...DEFAULT_CSV_COLUMNS, ...RECEIPT_CSV_COLUMNS] as const;

export type CsvColumn = (typeof CSV_COLUMNS)[number];
