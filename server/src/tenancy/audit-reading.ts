import { createHash } from 'node:crypto';
import type pg from 'pg';
import { inCompany } from '../regions/transaction.ts';
import { appendAudit, type RequestOrigin } from './audit-log.ts';
import type { Principal } from './authenticate.ts';

interface Day {
  readonly day: string;
  readonly recorded: Map<string, Promise<void>>;
}

/** Keys whose reads this process has recorded for a day. Between processes, the database prevents duplicates. */
const today = new WeakMap<pg.Pool, Day>();
const MAX_KEYS = 20_000;

/**
 * Records that an API key reads events: one row per key and day (UTC), committed before the first events of that day
 * are returned. Later requests of that day only need a map lookup.
 */
export async function auditReading(
  pool: pg.Pool,
  { actor, scope }: Principal,
  origin: RequestOrigin,
): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  const { recorded } = dayOf(pool, day);
  const known = recorded.get(actor.id);
  if (known !== undefined) return known;
  const { companyId } = scope;
  const writing = inCompany(pool, companyId, (client) =>
    appendAudit(client, {
      companyId,
      actor,
      origin,
      action: 'EVENTS_READ',
      subject: { type: 'events', id: day },
      details: { day },
      auditId: readingId(companyId, actor.id, day),
    }),
  );
  recorded.set(actor.id, writing);
  try {
    await writing;
  } catch (error) {
    recorded.delete(actor.id);
    throw error;
  }
}

function dayOf(pool: pg.Pool, day: string): Day {
  const kept = today.get(pool);
  if (kept !== undefined && kept.day === day && kept.recorded.size < MAX_KEYS) return kept;
  const fresh: Day = { day, recorded: new Map() };
  today.set(pool, fresh);
  return fresh;
}

/** A UUIDv8 derived from the row's content. It is the same in every process, so that only one row is inserted. */
function readingId(companyId: string, keyId: string, day: string): string {
  const bytes = createHash('sha256').update(`EVENTS_READ ${companyId} ${keyId} ${day}`).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex', 0, 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
