import type pg from 'pg';
import type { ErrorCode } from '../../errors.ts';
import { inCompany } from '../../regions/transaction.ts';
import { maySendFutureTimestamps } from '../../tenancy/sql/may-send-future-timestamps.ts';
import type { EventPartitions } from './event-partitions.ts';
import type { PartitionRefusal } from './sql/find-or-create-partitions.ts';
import { formatMicros } from './timestamp.ts';

/** Clocks differ; a clock that is further ahead than this is wrong. */
const MAX_AHEAD_HOURS = 24;
const MAX_AHEAD_MICROS = MAX_AHEAD_HOURS * 3_600_000_000;
const DAY_MS = 86_400_000;

/** Reason why the time of an event prevents it from being stored. */
export interface TimestampRefusal {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly path: 'timestamp';
  /** Seconds after which the same event may be accepted; undefined if waiting does not help. */
  readonly retryAfterSeconds?: number;
}

interface TimedEvent {
  /** Microseconds since the epoch. */
  readonly micros: number;
}

/**
 * Prepares partitions for these events and returns the events that must not be stored: events more than 24 hours
 * ahead of the clock, unless the company may send them, and events that need a new partition after the company has
 * created its daily number of partitions.
 */
export async function findRefusedTimestamps<Event extends TimedEvent>(
  pool: pg.Pool,
  partitions: EventPartitions,
  companyId: string,
  events: readonly Event[],
): Promise<ReadonlyMap<Event, TimestampRefusal>> {
  const nowMs = Date.now();
  const horizon = nowMs * 1000 + MAX_AHEAD_MICROS;
  const isPrefetched = ({ micros }: TimedEvent) => micros > horizon;
  const mayBeAhead =
    !events.some(isPrefetched) ||
    (await inCompany(pool, companyId, (client) => maySendFutureTimestamps(client, companyId)));
  const inTime = mayBeAhead ? events : events.filter((event) => !isPrefetched(event));
  const refusalOf = await partitions.ensure(
    companyId,
    inTime.map(({ micros }) => micros),
  );
  const refused = new Map<Event, TimestampRefusal>();
  for (const event of events) {
    const refusal = !mayBeAhead && isPrefetched(event) ? 'FUTURE' : refusalOf(event.micros);
    if (refusal !== undefined) refused.set(event, describe(refusal, event.micros, nowMs));
  }
  return refused;
}

function describe(refusal: PartitionRefusal, micros: number, nowMs: number): TimestampRefusal {
  const path = 'timestamp';
  if (refusal === 'FUTURE') {
    const detail = `timestamp: ${formatMicros(micros)} is more than ${MAX_AHEAD_HOURS} hours ahead of the server's clock. Check the clock of the sender. If these events are meant to be in the future, ask your operator to allow it for your company.`;
    return { code: 'TIMESTAMP_IN_FUTURE', detail, path };
  }
  const midnight = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
  const until = new Date(midnight).toISOString();
  const detail = `timestamp: ${formatMicros(micros)} is in a time range that holds no events yet, and your company has opened as many new time ranges today as allowed. Send this event again after ${until}; events in other time ranges are accepted now.`;
  const retryAfterSeconds = Math.ceil((midnight - nowMs) / 1000);
  return { code: 'TIME_RANGE_LIMIT', detail, path, retryAfterSeconds };
}
