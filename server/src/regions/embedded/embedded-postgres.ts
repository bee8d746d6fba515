import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { findBinaries, materialiseBinaries, removeOtherVersions } from './embedded-binaries.ts';
import { openCluster } from './embedded-cluster.ts';
import { locateCluster } from './embedded-location.ts';
import { launchServer } from './embedded-server.ts';
import { type Durability, serverSettings } from './embedded-settings.ts';
import { errorCode } from '../system-error.ts';

const SUPERUSER = 'postgres';
const OWNER = 'exhibit';
/** SQLSTATE duplicate_database, and unique_violation when two create it in the same moment. */
const ALREADY_THERE = new Set(['42P04', '23505']);

/** An embedded PostgreSQL server on 127.0.0.1 that ends with this process. */
export interface EmbeddedPostgres {
  readonly port: number;
  readonly pid: number;
  /** Folder of the cluster's files: the requested directory, or the one that its LOCATION file names. */
  readonly directory: string;
  /** Connection URL of a database as the owner role, which runs migrations and is not a superuser. */
  url(database: string): string;
  superuserUrl(database: string): string;
  /** Creates a UTF-8 database of the owner role if there is none of that name. */
  ensureDatabase(name: string): Promise<void>;
  /** Fast shutdown: cuts off sessions, writes out what is committed; resolves when the process has ended. */
  stop(): Promise<void>;
  /** Resolves when the server process has ended, for whatever reason. */
  readonly exited: Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Created if missing; used only for this cluster. */
  readonly directory: string;
  readonly durability: Durability;
  /** Default: the previous port of this cluster if it is free, else a free one. */
  readonly port?: number;
  readonly log?: (message: string) => void;
  /** Server settings that differ from ours (PostgreSQL's names and units). */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Starts the PostgreSQL that npm brought, on the cluster in `directory`, made first if there is none.
 * Call it from the main thread.
 *
 * @throws on platforms without binaries; when a server already runs there; when it does not start, with
 *   the end of its log
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {});
  const installed = await findBinaries();
  const location = await locateCluster(options.directory, log);
  const binaries = await materialiseBinaries(installed, location.root);
  const cluster = await openCluster(location, binaries, options.durability);
  const server = await launchServer({
    program: binaries.postgres,
    cluster,
    account: location.account,
    settings: { ...serverSettings(options.durability), ...options.settings },
    port: options.port,
    log,
  });
  const urlFor = (role: string, password: string) => (database: string) =>
    `postgres://${role}:${password}@127.0.0.1:${server.port}/${encodeURIComponent(database)}`;
  const superuserUrl = urlFor(SUPERUSER, cluster.credentials.superuser);
  try {
    await ensureOwnerRole(superuserUrl('postgres'), cluster.credentials.owner);
    await removeOtherVersions(location.root, binaries.version);
  } catch (error) {
    await server.stop();
    throw error;
  }
  log(
    `PostgreSQL ${binaries.version} is ready on 127.0.0.1:${server.port}, files in ${location.root}`,
  );
  return {
    port: server.port,
    pid: server.pid,
    directory: location.root,
    url: urlFor(OWNER, cluster.credentials.owner),
    superuserUrl,
    ensureDatabase: (name) => ensureDatabase(superuserUrl('postgres'), name),
    stop: () => server.stop(),
    exited: server.ended.then(() => undefined),
  };
}

/** At each start, so that the next start completes one that was killed after initdb. */
async function ensureOwnerRole(url: string, password: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [OWNER]);
    if (rowCount !== 0) return;
    // BYPASSRLS: migrations and the definer functions that work across companies are this role's.
    await client.query(
      `create role ${OWNER} login createrole createdb bypassrls password ${escapeLiteral(password)}`,
    );
  });
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount !== 0) return;
    const sql = `create database ${escapeIdentifier(name)} owner ${OWNER} encoding 'UTF8'`;
    await client.query(sql).catch((error: unknown) => {
      if (!ALREADY_THERE.has(errorCode(error) ?? '')) throw error;
    });
  });
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  // If the server ends, the query in progress fails; without a listener, this event would end this process too.
  client.on('error', () => {});
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
