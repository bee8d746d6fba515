import { sql } from '../../regions/sql.ts';

/**
 * Receipt of an event, recorded by the server on arrival. Fields are null for events stored before receipts were
 * recorded.
 */
export interface ReceiptRow {
  readonly receivedAt: Date | null;
  /** Also null for an event that was not sent with an API key. */
  readonly apiKeyId: string | null;
  /** Name of the key when the event arrived. */
  readonly apiKeyLabel: string | null;
}

/** The columns of `events` that form a {@link ReceiptRow}. */
export const RECEIPT_COLUMNS = sql`
  received_at AS "receivedAt", api_key_id AS "apiKeyId", api_key_label AS "apiKeyLabel"`;

/** A receipt in API responses, null if none was recorded. It is not part of the event's line. */
export interface Receipt {
  readonly receivedAt: string;
  readonly apiKey: { readonly id: string; readonly label: string | null } | null;
}

export function receiptOf({ receivedAt, apiKeyId, apiKeyLabel }: ReceiptRow): Receipt | null {
  if (receivedAt === null) return null;
  const apiKey = apiKeyId === null ? null : { id: apiKeyId, label: apiKeyLabel };
  return { receivedAt: receivedAt.toISOString(), apiKey };
}
