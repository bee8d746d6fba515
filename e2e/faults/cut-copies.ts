import { Client } from 'pg';

const LOOKS = 400;

/** Ends backends that are in the middle of a COPY, as soon as there is one, for half a second or so. */
export async function cutCopies(superuserUrl: string): Promise<void> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    for (let look = 0; look < LOOKS; look++) {
      const { rowCount } = await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE state = 'active' AND query ILIKE 'COPY%' AND pid <> pg_backend_pid()`,
      );
      if ((rowCount ?? 0) > 0) return;
    }
  } finally {
    await client.end();
  }
}
