import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { readConfig } from '../../server/src/config.ts';
import { startEmbeddedPostgres } from '../../server/src/regions/embedded/embedded-postgres.ts';

/** The PostgreSQL server that a bench uses. */
export interface BenchServer extends AsyncDisposable {
  readonly url: (database: string) => string;
  readonly ensureDatabase: (name: string) => Promise<void>;
  /** A login that may write files on the server, if available. */
  readonly superuserUrl: (database: string) => string;
  /** User and system time of all its processes so far, in seconds; NaN if they are not visible. */
  readonly cpuSeconds: () => number;
}

/** The first server of REGION_DATABASE_URLS, or else an embedded PostgreSQL with its files in `directory`. */
export function openBenchServer(directory: string): Promise<BenchServer> {
  const [url] = readConfig(process.env).regionDatabaseUrls.values();
  return url === undefined ? embedded(directory) : Promise.resolve(byUrl(new URL(url)));
}

async function embedded(directory: string): Promise<BenchServer> {
  const postgres = await startEmbeddedPostgres({
    directory: join(directory, 'postgres'),
    durability: 'durable',
  });
  return {
    url: (database) => postgres.url(database),
    superuserUrl: (database) => postgres.superuserUrl(database),
    ensureDatabase: (name) => postgres.ensureDatabase(name),
    cpuSeconds: () => treeCpuSeconds(postgres.pid),
    [Symbol.asyncDispose]: () => postgres.stop(),
  };
}

/** Creates new databases on the server of the URL. The database named by the URL is not changed. */
function byUrl(server: URL): BenchServer {
  const prefix = `exhibit_bench_${randomBytes(4).toString('hex')}_`;
  const made = new Set<string>();
  const url = (database: string) => {
    const other = new URL(server);
    other.pathname = `/${prefix}${database}`;
    return other.href;
  };
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: server.href });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  return {
    url,
    superuserUrl: url,
    ensureDatabase: async (name) => {
      if (made.has(name)) return;
      await run(`CREATE DATABASE ${prefix}${name} ENCODING 'UTF8' TEMPLATE template0`);
      made.add(name);
    },
    cpuSeconds: () => Number.NaN,
    [Symbol.asyncDispose]: async () => {
      for (const name of made) await run(`DROP DATABASE ${prefix}${name} WITH (FORCE)`);
    },
  };
}

/** Processor time of the server process, of its exited children and of its running children. */
function treeCpuSeconds(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const running = children.reduce((sum, child) => sum + ticksOf(child).own, 0);
  const { own, reaped } = ticksOf(String(pid));
  return (own + reaped + running) / 100;
}

/** Processor time of the exited child processes of this bench (psql), in seconds. */
export function endedChildrenCpuSeconds(): number {
  return ticksOf('self').reaped / 100;
}

function ticksOf(pid: string): { own: number; reaped: number } {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return { own: 0, reaped: 0 };
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (index: number) => Number(fields[index]);
  return { own: ticks(11) + ticks(12), reaped: ticks(13) + ticks(14) };
}
