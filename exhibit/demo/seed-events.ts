import type pg from 'pg';
import { EventIntake } from '../../server/src/events/ingest/event-intake.ts';
import { parseEventsBody } from '../../server/src/events/ingest/parse-events.ts';
import type { EventToStore } from '../../server/src/events/ingest/store-events.ts';
import { query, sql } from '../../server/src/regions/sql.ts';
import { inCompany } from '../../server/src/regions/transaction.ts';
import type { CompanyToProvision } from '../../server/src/tenancy/sql/provision-company.ts';
import { demoEvents } from './events/demo-events.ts';

const BATCH = 2000;

/**
 * Fills a demo company with `count` events up to the day of its creation, through the same intake as POST /v1/events.
 * After an interruption it stores only the missing events, because they have idempotency keys.
 * @param pool connections with the role exhibit_api
 * @returns the number of newly stored events
 */
export async function seedEvents(
  pool: pg.Pool,
  company: CompanyToProvision,
  count: number,
): Promise<number> {
  const { end, stored } = await companyState(pool, company.id);
  if (stored >= count) return 0;
  const intake = new EventIntake(pool);
  let created = 0;
  let writing = Promise.resolve(0);
  for (const batch of batches(company, count, end)) {
    // Write one batch while the next is generated. More batches would only wait for the locks of the workspace heads.
    created += await writing;
    writing = store(intake, company.id, batch);
  }
  return created + (await writing);
}

/** Stores each workspace's events in parallel transactions, which lock different workspace heads. */
async function store(
  intake: EventIntake,
  companyId: string,
  batch: readonly EventToStore[],
): Promise<number> {
  const groups = Map.groupBy(batch, ({ workspaceId }) => workspaceId);
  const results = await Promise.all(
    [...groups.values()].map((group) => intake.storeBatch(companyId, group)),
  );
  return results.flat().filter(({ status }) => status === 'created').length;
}

function* batches(
  { id, workspaces }: CompanyToProvision,
  count: number,
  end: Date,
): Generator<EventToStore[]> {
  let texts: string[] = [];
  for (const event of demoEvents({ seed: id, count, end, workspaceIds: workspaces })) {
    texts.push(JSON.stringify(event));
    if (texts.length === BATCH) {
      yield parse(texts);
      texts = [];
    }
  }
  if (texts.length > 0) yield parse(texts);
}

function parse(texts: readonly string[]): EventToStore[] {
  return texts.map((text) => {
    const parsed = parseEventsBody(Buffer.from(text));
    if (parsed.kind === 'batch') throw new Error('the demo generated an invalid event');
    const { item } = parsed;
    if (!item.ok || item.event.workspaceId === undefined)
      throw new Error('the demo generated an event that violates the contract');
    return { event: item.event, workspaceId: item.event.workspaceId, sender: null };
  });
}

async function companyState(
  pool: pg.Pool,
  companyId: string,
): Promise<{ end: Date; stored: number }> {
  return inCompany(pool, companyId, async (client) => {
    const [state] = await query(
      client,
      sql<{ end: Date; stored: number }>`
        SELECT created_at AS end, (SELECT sum(seq) FROM workspace_heads WHERE company_id = ${companyId})::bigint AS stored
        FROM companies WHERE company_id = ${companyId}`,
    );
    if (state === undefined) throw new Error('the demo company is missing');
    return state;
  });
}
