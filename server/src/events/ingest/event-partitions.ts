import type pg from 'pg';
import { findOrCreatePartitions, type PartitionRefusal } from './sql/find-or-create-partitions.ts';

/** Partitions consist of whole UTC days, so all instants of one day are in the same partition. */
const MICROS_PER_DAY = 86_400_000_000;

/**
 * Partitions that one company may create on one UTC day. History from 1970 on needs at most 32 of them in a new
 * installation (4 decades, 15 years and up to 13 months), so only events of the far future reach the limit.
 */
export const MAX_NEW_PARTITIONS = 40;

/** Time range of one partition, microseconds since the epoch: [from, to). */
interface KnownPartition {
  readonly from: number;
  readonly to: number;
}

/**
 * Creates partitions when they are first needed, each in a transaction of its own. Which partition an instant is in
 * (a month near now, else a year or a decade) is decided in the database, by its clock and under a lock, so bounds
 * never overlap, regardless of the number of API processes.
 */
export class EventPartitions {
  readonly #pool: pg.Pool;
  readonly #maxNew: number;
  /** Never shrinks: partitions are not removed. */
  readonly #known: KnownPartition[] = [];

  /** @param maxNew partitions that one company may create on one UTC day */
  constructor(pool: pg.Pool, maxNew = MAX_NEW_PARTITIONS) {
    this.#pool = pool;
    this.#maxNew = maxNew;
  }

  /**
   * @param instants microseconds since the epoch
   * @returns a function that says why an instant has no partition, or undefined when it has one
   */
  async ensure(
    companyId: string,
    instants: Iterable<number>,
  ): Promise<(micros: number) => PartitionRefusal | undefined> {
    const days = new Set<number>();
    for (const micros of instants) days.add(dayOf(micros));
    let missing = [...days].filter((day) => !this.#isKnown(day));
    const refused = new Map<number, PartitionRefusal>();
    while (missing.length > 0) {
      const found = await findOrCreatePartitions(this.#pool, companyId, missing, this.#maxNew);
      if (found.length === 0) throw new Error('no partition was found or created');
      for (const { micros, fromMicros, toMicros, refusal } of found) {
        if (refusal !== null) refused.set(micros, refusal);
        else if (fromMicros !== null && toMicros !== null && !this.#isKnown(micros))
          this.#known.push({ from: fromMicros, to: toMicros });
      }
      missing = missing.filter((day) => !refused.has(day) && !this.#isKnown(day));
    }
    return (micros) => refused.get(dayOf(micros));
  }

  #isKnown(micros: number): boolean {
    return this.#known.some(({ from, to }) => from <= micros && micros < to);
  }
}

function dayOf(micros: number): number {
  return micros - (micros % MICROS_PER_DAY);
}
