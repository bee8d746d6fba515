import { connect } from '../checker/connect.ts';

const LOOK_FOR_MS = 5_000;

/**
 * Finds a backend that is executing the COPY of an export and terminates it.
 * @returns whether one was found
 */
export async function cutCopy(superuserUrl: string): Promise<boolean> {
  const client = await connect(superuserUrl);
  try {
    const deadline = performance.now() + LOOK_FOR_MS;
    while (performance.now() < deadline) {
      const { rowCount } = await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE state = 'active' AND query LIKE '%COPY (SELECT%' AND pid <> pg_backend_pid()`,
      );
      if ((rowCount ?? 0) > 0) return true;
    }
    return false;
  } finally {
    await client.end();
  }
}
