import { sql } from '../../regions/sql.ts';

/** What the server noted when an event arrived; each is null for events stored before that was recorded. */
export interface ReceiptRow {
  readonly receivedAt: Date | null;
  /** null also for an event that no API key sent. */
  readonly apiKeyId: string | null;
  /** The name of the key when the event arrived. */
  readonly apiKeyLabel: string | null;
}

/** The columns of `events` that make a {@link ReceiptRow}. */
export const RECEIPT_COLUMNS = sql`
  received_at AS "receivedAt", api_key_id AS "apiKeyId", api_key_label AS "apiKeyLabel"`;

/** A receipt as APIs show it, null when nothing was recorded. It is not part of the event's line. */
export interface Receipt {
  readonly receivedAt: string;
  readonly apiKey: { readonly id: string; readonly label: string | null } | null;
}

export function receiptOf({ receivedAt, apiKeyId, apiKeyLabel }: ReceiptRow): Receipt | null {
  if (receivedAt === null) return null;
  const apiKey = apiKeyId === null ? null : { id: apiKeyId, label: apiKeyLabel };
  return { receivedAt: receivedAt.toISOString(), apiKey };
}
