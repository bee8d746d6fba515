import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/src/regions/embedded/embedded-postgres.ts';

/** A PostgreSQL server that can be killed and restarted with the same directory and port. */
export interface DatabaseServer extends AsyncDisposable {
  /** URL of the region's database with the owner role. */
  readonly url: string;
  readonly dashboardUrl: string;
  readonly superuserUrl: string;
  kill(): Promise<void>;
  startAgain(): Promise<void>;
}

const DASHBOARD = 'exhibit_dashboard';

export async function startDatabaseServer(database: string): Promise<DatabaseServer> {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-faults-'));
  const start = (port?: number) =>
    startEmbeddedPostgres({
      directory,
      durability: 'durable',
      ...(port === undefined ? {} : { port }),
    });
  let server: EmbeddedPostgres = await start();
  const { port } = server;
  await server.ensureDatabase(database);
  await server.ensureDatabase(DASHBOARD);
  return {
    url: server.url(database),
    dashboardUrl: server.url(DASHBOARD),
    superuserUrl: server.superuserUrl(database),
    kill: async () => {
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
    },
    startAgain: async () => {
      // PostgreSQL does not start until the orphaned backends of the killed server have exited.
      for (let tries = 1; ; tries++) {
        try {
          server = await start(port);
          return;
        } catch (error) {
          if (tries === 50) throw error;
          await wait(200);
        }
      }
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
