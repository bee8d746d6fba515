import pg from 'pg';

/** A connection that may break. Queries report the error; the listener prevents an unhandled `error` event. */
export async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
