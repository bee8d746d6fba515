import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { ErrorCode } from '../errors.ts';
import { violatedConstraint } from '../regions/system-error.ts';
import { allSent, inCompany } from '../regions/transaction.ts';
import { hashItem } from './canonical-line.ts';
import { createEventId } from './event-id.ts';
import type { EventPartitions } from './event-partitions.ts';
import type { ParsedEvent } from './parse-events.ts';
import { findRefusedTimestamps, type TimestampRefusal } from './refuse-timestamps.ts';
import { advanceHead } from './sql/advance-head.ts';
import { appendRollup, type RollupDelta } from './sql/append-rollup.ts';
import { findIdempotencyKeys, type IdempotencyKey } from './sql/find-idempotency-keys.ts';
import { type EventRow, insertEvents } from './sql/insert-events.ts';
import { insertIdempotencyKeys } from './sql/insert-idempotency-keys.ts';
import { lockHeads } from './sql/lock-heads.ts';
import { formatMicros, hourOf } from './timestamp.ts';

/** PostgreSQL stores so many while the next are written out; smaller parts cost it more than they give. */
const MOST_ROWS_OF_A_STATEMENT = 500;

/**
 * Ids of the same time and arrival number, given by two processes, differ in 28 random bits. Should they collide
 * all the same, the transaction is repeated with new ids.
 */
const MAX_ID_ATTEMPTS = 3;

/** The same whether such a workspace exists or not. */
export const FOREIGN_WORKSPACE = 'workspaceId: this workspace is not one of yours';

/** An accepted event and the workspace it goes to, already checked to be the caller's. */
export interface EventToStore {
  readonly event: ParsedEvent;
  readonly workspaceId: string;
}

export type StoredEvent =
  | { readonly status: 'created' | 'replayed'; readonly id: string }
  | RejectedEvent;

export interface RejectedEvent {
  readonly status: 'rejected';
  readonly code: ErrorCode;
  readonly detail: string;
  /** The field that is refused, where it is a single one. */
  readonly path?: string;
  /** When the same event may be accepted; undefined: not by waiting. */
  readonly retryAfterSeconds?: number;
}

/**
 * Stores events in one transaction: all that are new, or none. Answers in the order given. An event whose
 * idempotency key was used with the same item is `replayed`, with another item `rejected`
 * (IDEMPOTENCY_CONFLICT); within one call the first use of a key counts.
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

/** Whether an event of the company has one of the new ids already. The transaction stored nothing. */
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
    const keyed = new Map(drafts.flatMap((item) => keyOf(item)));
    // PostgreSQL looks for the keys once it holds the heads: nobody adds one in between.
    const locking = lockHeads(client, companyId, workspaceIds);
    const finding = findKeys(client, companyId, [...keyed.values()]);
    await allSent([locking, finding]);
    const known = { heads: await locking, keyed, used: await finding, refused };
    const { results, accepted, newKeys } = decide(drafts, known);
    const storing: Promise<void>[] = [];
    if (newKeys.length > 0) storing.push(insertIdempotencyKeys(client, companyId, newKeys));
    for (const [workspaceId, rows] of groupByWorkspace(accepted))
      storing.push(...storeRows(client, companyId, workspaceId, rows));
    if (accepted.length > 0) storing.push(appendRollup(client, companyId, countByHour(accepted)));
    await allSent(storing);
    return results;
  });
}

/** Sends all of a workspace's statements at once: PostgreSQL stores one part while the next is being written out. */
function storeRows(
  client: pg.PoolClient,
  companyId: string,
  workspaceId: string,
  rows: readonly Draft[],
): Promise<void>[] {
  const storing: Promise<void>[] = [];
  for (let behind = 0; behind < rows.length; behind += MOST_ROWS_OF_A_STATEMENT) {
    const part = rows.slice(behind, behind + MOST_ROWS_OF_A_STATEMENT);
    storing.push(storePart(client, { companyId, workspaceId, behind }, part));
  }
  storing.push(advanceHead(client, companyId, workspaceId, rows.length));
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

function draft({ event, workspaceId }: EventToStore, nowMicros: number): Draft {
  const micros = event.timestamp?.micros ?? nowMicros;
  const timestamp = event.timestamp?.text ?? formatMicros(micros);
  const id = createEventId(micros, event.timestamp?.nanos);
  return { id, timestamp, event, workspaceId, micros };
}

interface Decision {
  readonly results: StoredEvent[];
  readonly accepted: Draft[];
  readonly newKeys: IdempotencyKey[];
}

interface Known {
  /** Workspaces that are the company's. */
  readonly heads: ReadonlySet<string>;
  readonly keyed: ReadonlyMap<Draft, IdempotencyKey>;
  readonly used: readonly IdempotencyKey[];
  readonly refused: ReadonlyMap<Draft, TimestampRefusal>;
}

async function findKeys(
  client: pg.PoolClient,
  companyId: string,
  keys: readonly IdempotencyKey[],
): Promise<IdempotencyKey[]> {
  return keys.length === 0 ? [] : findIdempotencyKeys(client, companyId, keys);
}

function decide(drafts: readonly Draft[], { heads, keyed, used: found, refused }: Known): Decision {
  const used = new Map(found.map((key) => [nameOf(key), key]));
  const decision: Decision = { results: [], accepted: [], newKeys: [] };
  for (const item of drafts) {
    const key = keyed.get(item);
    const earlier = key === undefined ? undefined : used.get(nameOf(key));
    const refusal = refused.get(item);
    if (!heads.has(item.workspaceId)) {
      decision.results.push({
        status: 'rejected',
        code: 'WORKSPACE_FORBIDDEN',
        detail: FOREIGN_WORKSPACE,
      });
    } else if (earlier === undefined && refusal !== undefined) {
      decision.results.push({ status: 'rejected', ...refusal });
    } else if (earlier === undefined) {
      decision.results.push({ status: 'created', id: item.id });
      decision.accepted.push(item);
      if (key === undefined) continue;
      used.set(nameOf(key), key);
      decision.newKeys.push(key);
    } else {
      decision.results.push(replay(earlier, key?.itemHash));
    }
  }
  return decision;
}

/** Keys are a workspace's own. */
function nameOf({ workspaceId, keyHash }: IdempotencyKey): string {
  return `${workspaceId} ${keyHash}`;
}

function replay(earlier: IdempotencyKey, itemHash: string | undefined): StoredEvent {
  if (earlier.itemHash === itemHash) return { status: 'replayed', id: earlier.id };
  return {
    status: 'rejected',
    code: 'IDEMPOTENCY_CONFLICT',
    detail: `The idempotency key was used before with different content, for event ${earlier.id}.`,
  };
}

function keyOf(item: Draft): [Draft, IdempotencyKey][] {
  const key = item.event.idempotencyKey;
  if (key === undefined) return [];
  const keyHash = createHash('sha256').update(key).digest('hex');
  const itemHash = hashItem(item.event.compact).toString('hex');
  return [[item, { workspaceId: item.workspaceId, keyHash, id: item.id, itemHash }]];
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
