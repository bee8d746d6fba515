import { type Queryable, query, sql } from '../../../regions/sql.ts';

/**
 * Why an instant has no partition: it is too far ahead, or the company has created its daily number of partitions.
 */
export type PartitionRefusal = 'FUTURE' | 'LIMIT';

interface FoundPartition {
  readonly micros: number;
  /** The partition's instants, [fromMicros, toMicros); null if the partition was refused. */
  readonly fromMicros: number | null;
  readonly toMicros: number | null;
  readonly refusal: PartitionRefusal | null;
}

/**
 * The partitions of these instants. Creates at most one missing partition, so that each is committed alone; instants
 * missing from the result need another call.
 */
export async function findOrCreatePartitions(
  client: Queryable,
  companyId: string,
  instants: readonly number[],
  maxNew: number,
): Promise<FoundPartition[]> {
  return query(
    client,
    sql<FoundPartition>`
      SELECT micros, from_micros AS "fromMicros", to_micros AS "toMicros", refusal
      FROM exhibit_event_partitions_at(${companyId}, ${[...instants]}::bigint[], ${maxNew})`,
  );
}
