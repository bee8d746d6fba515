// Runs an embedded PostgreSQL in a separate process, for tests that kill it or run it as another user.
// Argument: the directory. Prints one line of JSON when the server is ready and stops it when stdin ends.
import { once } from 'node:events';
import { startEmbeddedPostgres } from '../../server/src/regions/embedded/embedded-postgres.ts';

const cluster = await startEmbeddedPostgres({
  directory: process.argv[2] ?? '',
  durability: 'durable',
});
const { pid, port, directory } = cluster;
const superuserUrl = cluster.superuserUrl('postgres');
process.stdout.write(`${JSON.stringify({ pid, port, directory, superuserUrl })}\n`);
process.stdin.resume();
await once(process.stdin, 'end');
await cluster.stop();
