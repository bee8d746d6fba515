import type pg from 'pg';
import { inTransaction } from '../database.ts';
import { Problem } from '../errors.ts';
import { appendEvidence, type EvidenceEntry, evidenceRow } from './append-evidence.ts';

/** A call of the api that leaves evidence, stored so that it can be repeated unchanged. */
export interface RecordedCall {
  readonly method: string;
  readonly path: string;
  /** JSON text as received; undefined without a body. */
  readonly body?: string | undefined;
}

export interface Intent {
  readonly id: string;
  readonly entry: EvidenceEntry;
}

/**
 * Commits an intent before its action: the row, and an entry in open_intents until it is settled.
 * @throws Problem EVIDENCE_UNAVAILABLE; the action must not be carried out then
 */
export async function openIntent(
  pool: pg.Pool,
  processId: string,
  entry: EvidenceEntry,
  call?: RecordedCall,
): Promise<Intent> {
  const { columns, values } = evidenceRow(entry, true);
  const row = values.map((_, index) => `$${index + 3}`).join(', ');
  try {
    const { rows } = await pool.query<{ id: string }>(
      `WITH intent AS (INSERT INTO evidence (${columns.join(', ')}) VALUES (${row}) RETURNING company_id, evidence_id)
       INSERT INTO open_intents (company_id, evidence_id, process_id, call)
       SELECT company_id, evidence_id, $1, $2 FROM intent RETURNING evidence_id AS id`,
      [processId, call === undefined ? null : JSON.stringify(call), ...values],
    );
    const id = rows[0]?.id;
    if (id === undefined) throw new Error('the intent was not written');
    return { id, entry };
  } catch (error) {
    throw new Problem(
      'EVIDENCE_UNAVAILABLE',
      'This cannot be recorded right now, so it was not done. Try again shortly.',
      { headers: { 'retry-after': '5' }, cause: error },
    );
  }
}

/** The outcome of an intent. */
export type Outcome = Partial<Omit<EvidenceEntry, 'companyId' | 'settles'>> & {
  readonly outcome: string;
};

/** Appends the row that settles an intent. @returns false if the intent was already settled */
export async function settleIntent(
  pool: pg.Pool,
  intent: Intent,
  outcome: Outcome,
): Promise<boolean> {
  const { companyId } = intent.entry;
  return inTransaction(pool, async (client) => {
    const appended = await appendEvidence(client, {
      ...intent.entry,
      details: undefined,
      ...outcome,
      filters: isSame(outcome.filters, intent.entry.filters) ? undefined : outcome.filters,
      settles: intent.id,
    });
    await client.query('DELETE FROM open_intents WHERE company_id = $1 AND evidence_id = $2', [
      companyId,
      intent.id,
    ]);
    return appended !== undefined;
  });
}

/** Filters are stored once: with the intent, or with its outcome if the api changed them. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Marks an intent whose call the api rejected: the reconciler may look it up but must not repeat it. */
export async function markNotRepeatable(pool: pg.Pool, { id, entry }: Intent): Promise<void> {
  await pool.query(
    'UPDATE open_intents SET call = NULL WHERE company_id = $1 AND evidence_id = $2',
    [entry.companyId, id],
  );
}
