import type pg from 'pg';
import { lowestEventId } from './event-id.ts';

/** From this year on partitions are months; before it, years: old events are few and come late. */
const FIRST_MONTHLY_YEAR = 2024;

/** Partitions begin with a day, so that all instants of one are in the same. */
const MICROS_PER_DAY = 86_400_000_000;

interface Partition {
  readonly name: string;
  /** First id inside. */
  readonly lower: string;
  /** First id after. */
  readonly upper: string;
}

/** The partition that holds events of this instant. */
export function partitionOf(micros: number): Partition {
  const date = new Date(Math.floor(micros / 1000));
  const year = date.getUTCFullYear();
  if (year < FIRST_MONTHLY_YEAR) {
    return partition(`events_${year}`, Date.UTC(year, 0), Date.UTC(year + 1, 0));
  }
  const month = date.getUTCMonth();
  const name = `events_${year}_${String(month + 1).padStart(2, '0')}`;
  return partition(name, Date.UTC(year, month), Date.UTC(year, month + 1));
}

function partition(name: string, fromMs: number, toMs: number): Partition {
  return { name, lower: lowestEventId(fromMs * 1000), upper: lowestEventId(toMs * 1000) };
}

/** Makes partitions when they are first needed, each in a transaction of its own. */
export class EventPartitions {
  readonly #pool: pg.Pool;
  readonly #known = new Set<string>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** @param instants microseconds since the epoch */
  async ensure(instants: Iterable<number>): Promise<void> {
    const missing = new Map<string, Partition>();
    const days = new Set<number>();
    for (const micros of instants) days.add(Math.floor(micros / MICROS_PER_DAY));
    for (const day of days) {
      const wanted = partitionOf(day * MICROS_PER_DAY);
      if (!this.#known.has(wanted.name)) missing.set(wanted.name, wanted);
    }
    for (const { name, lower, upper } of missing.values()) {
      await this.#pool.query('SELECT exhibit_ensure_partition($1, $2, $3)', [name, lower, upper]);
      this.#known.add(name);
    }
  }
}
