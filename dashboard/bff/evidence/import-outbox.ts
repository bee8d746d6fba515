import { z } from 'zod';
import type { BffDeps } from '../bff-deps.ts';
import { inTransaction } from '../database.ts';
import { AnswerTooLarge, ApiUnavailable } from '../upstream/api-client.ts';
import { appendEvidence, AUDIT_ACTIONS } from './append-evidence.ts';

const BATCH = 500;

/** The fields that evidence has columns for; all others are stored in its details. */
const details = z
  .looseObject({
    format: z.string().optional().catch(undefined),
    filters: z.unknown().optional(),
    bytes: z.unknown().optional(),
    sha256: z.string().optional().catch(undefined),
  })
  .catch({});

const rowSchema = z.object({
  outboxId: z.guid(),
  companyId: z.guid(),
  at: z.string(),
  action: z.string(),
  actor: z.object({
    type: z.enum(['user', 'api_key', 'system']),
    id: z.string(),
    label: z.string(),
  }),
  subject: z.object({ type: z.string(), id: z.string() }),
  details: z.unknown(),
  requestId: z.string().nullable(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
});
const pageSchema = z.object({ data: z.array(rowSchema) });
type OutboxRow = z.output<typeof rowSchema>;

const KNOWN: ReadonlySet<string> = new Set(AUDIT_ACTIONS);
const isKnown = (action: string): action is (typeof AUDIT_ACTIONS)[number] => KNOWN.has(action);

type OutboxDeps = Pick<BffDeps, 'pool' | 'api' | 'tokens' | 'log'>;

/**
 * Imports a region's audit rows of API keys into the evidence. It commits first and acknowledges afterwards: after a
 * crash in between, the rows are imported again, which has no effect.
 * @returns the number of imported rows; 0: no rows are left that this dashboard knows
 */
async function importOutbox(deps: OutboxDeps, region: string, limit: number): Promise<number> {
  const token = await deps.tokens.forSystem(region);
  const page = await deps.api.call({
    method: 'GET',
    path: `/dashboard/outbox?limit=${limit}`,
    token,
  });
  if (page.status !== 200) throw new Error(`the outbox of ${region} answered ${page.status}`);
  const { data } = pageSchema.parse(JSON.parse(page.text));
  const taken: string[] = [];
  await inTransaction(deps.pool, async (client) => {
    for (const row of data) {
      const entry = entryOf(row);
      // An action of a newer api stays in the region until a dashboard that knows it imports it.
      if (entry === undefined) warnOnce(deps, row);
      else {
        await appendEvidence(client, entry);
        taken.push(row.outboxId);
      }
    }
  });
  if (taken.length === 0) return 0;
  const acknowledged = await deps.api.call({
    method: 'POST',
    path: '/dashboard/outbox/ack',
    token: await deps.tokens.forSystem(region),
    body: JSON.stringify({ outboxIds: taken }),
  });
  // Only the api's own status counts: after a gateway's 200 the same rows would arrive again and again.
  if (acknowledged.status !== 204)
    throw new Error(`the outbox of ${region} took no acknowledgement`);
  return taken.length;
}

const warned = new Set<string>();

function warnOnce({ log }: OutboxDeps, { action, outboxId }: OutboxRow): void {
  if (warned.has(action)) return;
  warned.add(action);
  log.warn({ action, outboxId }, 'unknown action left in the outbox');
}

/** importOutbox() with half as many rows, and so on, if the rows of a batch are too large together. */
async function importBatch(deps: OutboxDeps, region: string): Promise<number> {
  for (let limit = BATCH; ; limit = Math.floor(limit / 2)) {
    try {
      return await importOutbox(deps, region, limit);
    } catch (error) {
      const tooLarge = error instanceof ApiUnavailable && error.cause instanceof AnswerTooLarge;
      if (!tooLarge || limit === 1) throw error;
    }
  }
}

function entryOf(row: OutboxRow) {
  if (!isKnown(row.action)) return undefined;
  const { format, filters, bytes, sha256, ...rest } = details.parse(row.details);
  return {
    companyId: row.companyId,
    action: row.action,
    actor: row.actor,
    origin: { requestId: row.requestId, ip: row.ip, userAgent: row.userAgent },
    at: row.at,
    subjectId: row.subject.id,
    details: rest,
    jobId: row.subject.type === 'export' ? row.subject.id : null,
    format: format ?? null,
    filters,
    bytes: typeof bytes === 'number' ? bytes : null,
    sha256: sha256 ?? null,
    outboxId: row.outboxId,
  };
}

/** Imports from every region that has companies; an unavailable region does not delay the others. */
export async function importOutboxes(deps: OutboxDeps): Promise<void> {
  const { rows } = await deps.pool.query<{ region: string }>(
    'SELECT DISTINCT region FROM companies ORDER BY region',
  );
  for (const { region } of rows) {
    try {
      while ((await importBatch(deps, region)) > 0);
    } catch (error) {
      deps.log.warn({ err: error, region }, 'cannot read the outbox');
    }
  }
}
