/*
 * From a request body to stored events.
 *
 *   read-large-body    parses large bodies in turns, so that other requests are served in between
 *   parse-events       one body to parsed events or rejections, without the database
 *   event-intake       groups events of concurrent requests into one transaction
 *   storeEvents        the transaction; holds one connection and, until the commit, the lock of each workspace head
 *   decide-items       which events are new, repeated or in conflict
 *   event-partitions   creates the partitions that a batch needs
 */
import type pg from 'pg';
import { isRowError, violatedConstraint } from '../../regions/system-error.ts';
import { settlePipelined, inCompany } from '../../regions/transaction.ts';
import {
  decideItems,
  doubtfulUses,
  type EventSender,
  keyOf,
  type Known,
  type StoredEvent,
} from './decide-items.ts';
import { createEventId } from '../../event-id.ts';
import type { EventPartitions } from './event-partitions.ts';
import type { ParsedEvent } from './parsed-event.ts';
import { findRefusedTimestamps } from './refuse-timestamps.ts';
import { advanceHead } from './sql/advance-head.ts';
import { appendRollup, type RollupDelta } from './sql/append-rollup.ts';
import { compareItems } from './sql/compare-items.ts';
import { findIdempotencyKeys, type IdempotencyKey } from './sql/find-idempotency-keys.ts';
import { type EventRow, insertEvents } from './sql/insert-events.ts';
import { insertIdempotencyKeys } from './sql/insert-idempotency-keys.ts';
import { lockHeads } from './sql/lock-heads.ts';
import { formatMicros, hourOf } from './timestamp.ts';

/**
 * Rows per statement. PostgreSQL stores one part while the next is written; smaller parts cost more than they save.
 */
const MAX_ROWS_PER_STATEMENT = 500;

/**
 * Ids of the same time and arrival number, given by two processes, differ in 28 random bits. If they still collide,
 * the transaction is repeated with new IDs.
 */
const MAX_ID_ATTEMPTS = 3;

/** An accepted event and its workspace, which was already checked to be accessible to the caller. */
export interface EventToStore {
  readonly event: ParsedEvent;
  readonly workspaceId: string;
  /** Absent or null if it was not sent with an API key. */
  readonly sender?: EventSender | null;
}

/**
 * Stores all new events in one transaction, or none. Results are in the order of the events. An event whose
 * idempotency key was used with the same content is `replayed`, with other content `rejected` (IDEMPOTENCY_CONFLICT),
 * see decideItems; within one call, the first use of a key counts.
 */
export async function storeEvents(
  pool: pg.Pool,
  partitions: EventPartitions,
  companyId: string,
  items: readonly EventToStore[],
): Promise<StoredEvent[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await storeWithNewIds(pool, partitions, companyId, items);
    } catch (error) {
      if (attempt === MAX_ID_ATTEMPTS || !isIdTaken(error)) throw error;
    }
  }
}

/** True if an event of the company already has one of the new IDs. The transaction stored nothing. */
function isIdTaken(error: unknown): boolean {
  return /^events_.*pkey$/.test(violatedConstraint(error) ?? '');
}

async function storeWithNewIds(
  pool: pg.Pool,
  partitions: EventPartitions,
  companyId: string,
  items: readonly EventToStore[],
): Promise<StoredEvent[]> {
  const nowMicros = Date.now() * 1000;
  const drafts = items.map((item) => draft(item, nowMicros));
  const refused = await findRefusedTimestamps(pool, partitions, companyId, drafts);
  return inCompany(pool, companyId, async (client) => {
    const workspaceIds = [...new Set(items.map((item) => item.workspaceId))];
    const keyed = keysOf(drafts);
    // PostgreSQL looks up the keys after it has locked the heads, so no other transaction can add one in between.
    const locking = lockHeads(client, companyId, workspaceIds);
    const finding = findKeys(client, companyId, [...keyed.values()]);
    await settlePipelined([locking, finding]);
    const known = { heads: await locking, keyed, used: await finding, refused };
    const isSame = await sameContent(client, companyId, known);
    const { results, accepted, newKeys } = decideItems(drafts, known, isSame);
    const storing: Promise<void>[] = [];
    if (newKeys.length > 0) storing.push(insertIdempotencyKeys(client, companyId, newKeys));
    for (const [workspaceId, rows] of groupByWorkspace(accepted))
      storing.push(
        ...storeRows(client, { companyId, workspaceId, receivedMicros: nowMicros }, rows),
      );
    if (accepted.length > 0) storing.push(appendRollup(client, companyId, countByHour(accepted)));
    await settlePipelined(storing);
    return results;
  });
}

/** Sends all of a workspace's statements at once: PostgreSQL stores one part while the next is being written out. */
function storeRows(
  client: pg.PoolClient,
  place: Omit<Parameters<typeof insertEvents>[1], 'behind'>,
  rows: readonly Draft[],
): Promise<void>[] {
  const storing: Promise<void>[] = [];
  for (let behind = 0; behind < rows.length; behind += MAX_ROWS_PER_STATEMENT) {
    const part = rows.slice(behind, behind + MAX_ROWS_PER_STATEMENT);
    storing.push(storePart(client, { ...place, behind }, part));
  }
  storing.push(advanceHead(client, place.companyId, place.workspaceId, rows.length));
  return storing;
}

async function storePart(
  client: pg.PoolClient,
  place: Parameters<typeof insertEvents>[1],
  rows: readonly Draft[],
): Promise<void> {
  const stored = await insertEvents(client, place, rows);
  if (stored !== rows.length) throw new Error(`stored ${stored} of ${rows.length} events`);
}

interface Draft extends EventRow {
  readonly workspaceId: string;
  readonly micros: number;
}

function draft({ event, workspaceId, sender }: EventToStore, nowMicros: number): Draft {
  const micros = event.timestamp?.micros ?? nowMicros;
  const timestamp = event.timestamp?.text ?? formatMicros(micros);
  const id = createEventId(micros, event.timestamp?.nanos);
  return {
    id,
    timestamp,
    event,
    workspaceId,
    micros,
    sender: sender ?? null,
  };
}

function keysOf(drafts: readonly Draft[]): Map<Draft, IdempotencyKey> {
  const keyed = new Map<Draft, IdempotencyKey>();
  for (const item of drafts) {
    const key = keyOf(item);
    if (key !== undefined) keyed.set(item, key);
  }
  return keyed;
}

async function findKeys(
  client: pg.PoolClient,
  companyId: string,
  keys: readonly IdempotencyKey[],
): Promise<IdempotencyKey[]> {
  return keys.length === 0 ? [] : findIdempotencyKeys(client, companyId, keys);
}

/** Compares items with the same key but different bytes; runs a query only if there are any. */
async function sameContent(
  client: pg.PoolClient,
  companyId: string,
  { keyed, used }: Known<Draft>,
): Promise<(item: Draft, earlier: IdempotencyKey) => boolean> {
  const doubtful = doubtfulUses(keyed, used);
  if (doubtful.length === 0) return () => false;
  const pairs = doubtful.map(({ pair }) => pair);
  await client.query('SAVEPOINT compare_items');
  const same = await compareItems(client, companyId, pairs).catch(async (error: unknown) => {
    // jsonb has limits that events do not have, such as 16,383 decimal places: these contents count as different.
    if (!isRowError(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT compare_items');
    return pairs.map(() => false);
  });
  const equal = Map.groupBy(
    doubtful.filter((_, index) => same[index] === true),
    ({ item }) => item,
  );
  return (item, earlier) => equal.get(item)?.some((use) => use.earlier.id === earlier.id) === true;
}

function groupByWorkspace(rows: readonly Draft[]): Map<string, Draft[]> {
  return Map.groupBy(rows, (row) => row.workspaceId);
}

function countByHour(rows: readonly Draft[]): RollupDelta[] {
  const groups = Map.groupBy(rows, ({ workspaceId, micros, event }) =>
    JSON.stringify([workspaceId, hourOf(micros), event.columns.category, event.columns.action]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { category, action } = first.event.columns;
    const hour = formatMicros(hourOf(first.micros));
    return [{ workspaceId: first.workspaceId, hour, category, action, count: group.length }];
  });
}
