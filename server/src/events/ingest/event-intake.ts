import type pg from 'pg';
import { isRowError } from '../../regions/system-error.ts';
import { EventPartitions } from './event-partitions.ts';
import type { StoredEvent } from './decide-items.ts';
import { type EventToStore, storeEvents } from './store-events.ts';

/** Maximum number of single events in one transaction. */
const MAX_COALESCED_EVENTS = 1000;

interface Waiting {
  readonly item: EventToStore;
  readonly settle: PromiseWithResolvers<StoredEvent>;
}

/**
 * Accepts the events of one region. Batches are stored as they arrive; single events of a company that arrive while
 * its previous transaction is still committing share the next one, so a thousand clients sending one event each cost
 * a few commits instead of a thousand queueing on a few row locks.
 */
export class EventIntake {
  readonly #pool: pg.Pool;
  readonly #partitions: EventPartitions;
  /** Single events by company. */
  readonly #waiting = new Map<string, Waiting[]>();

  /** @param maxNewPartitions partitions that one company may create on one UTC day */
  constructor(pool: pg.Pool, maxNewPartitions?: number) {
    this.#pool = pool;
    this.#partitions = new EventPartitions(pool, maxNewPartitions);
  }

  storeBatch(companyId: string, items: readonly EventToStore[]): Promise<StoredEvent[]> {
    return storeEvents(this.#pool, this.#partitions, companyId, items);
  }

  storeOne(companyId: string, item: EventToStore): Promise<StoredEvent> {
    const settle = Promise.withResolvers<StoredEvent>();
    const queue = this.#waiting.get(companyId);
    if (queue === undefined) {
      this.#waiting.set(companyId, [{ item, settle }]);
      void this.#drain(companyId);
    } else {
      queue.push({ item, settle });
    }
    return settle.promise;
  }

  async #drain(companyId: string): Promise<void> {
    const queue = this.#waiting.get(companyId) ?? [];
    while (queue.length > 0) {
      await this.#storeTogether(companyId, queue.splice(0, MAX_COALESCED_EVENTS));
    }
    this.#waiting.delete(companyId);
  }

  /** A row that the database refuses takes none of its neighbours along: then each is stored alone. */
  async #storeTogether(companyId: string, group: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.storeBatch(
        companyId,
        group.map(({ item }) => item),
      );
      for (const [index, result] of results.entries()) group[index]?.settle.resolve(result);
    } catch (error) {
      if (group.length === 1 || !isRowError(error)) {
        for (const { settle } of group) settle.reject(error);
        return;
      }
      for (const waiting of group) await this.#storeTogether(companyId, [waiting]);
    }
  }
}
