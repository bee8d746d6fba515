import pg from 'pg';

/** A connection that may break: whoever uses it is told by their query; unheard, the event would end the process. */
export async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
