import { execute, type Queryable, sql } from '../../regions/sql.ts';

/** Removes entries that the dashboard has taken over; ids that are gone already are fine. */
export async function ackOutbox(client: Queryable, outboxIds: readonly string[]): Promise<void> {
  await execute(client, sql`SELECT exhibit_ack_outbox(${[...outboxIds]}::uuid[])`);
}
