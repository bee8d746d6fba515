import { execute, type Queryable, sql } from '../../regions/sql.ts';

/** Removes entries that the dashboard has stored. Ids that were already removed are ignored. */
export async function ackOutbox(client: Queryable, outboxIds: readonly string[]): Promise<void> {
  await execute(client, sql`SELECT exhibit_ack_outbox(${[...outboxIds]}::uuid[])`);
}
