import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './embedded-account.ts';
import type { PostgresBinaries } from './embedded-binaries.ts';
import type { ClusterLocation } from './embedded-location.ts';
import type { Durability } from './embedded-settings.ts';
import { errorCode } from '../system-error.ts';

const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** Passwords of the two roles, random per cluster. */
interface ClusterCredentials {
  readonly superuser: string;
  readonly owner: string;
}

/** A data directory that initdb has finished, and what belongs to it. */
export interface Cluster {
  readonly data: string;
  readonly logFile: string;
  /** Holds the port last used, in decimal. */
  readonly portFile: string;
  readonly credentials: ClusterCredentials;
}

/**
 * Opens the cluster under `root/cluster`, made first if there is none. It is created in a temporary folder next to
 * its final place and renamed, passwords included: a crash leaves nothing half done, and of two starts at once both
 * use the one that was finished first.
 */
export async function openCluster(
  location: ClusterLocation,
  binaries: PostgresBinaries,
  durability: Durability,
): Promise<Cluster> {
  const directory = join(location.root, 'cluster');
  if (!(await stat(directory).catch(() => undefined))) {
    await makeCluster(directory, location, binaries, durability);
  }
  const data = join(directory, 'data');
  const made = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  const major = binaries.version.split('.')[0];
  if (made !== major) {
    throw new Error(
      `The cluster in ${directory} was made by PostgreSQL ${made}, this release brings ${major}. ` +
        'Dump it with the release that made it and restore the dump into a new EXHIBIT_HOME.',
    );
  }
  const credentials: ClusterCredentials = JSON.parse(
    await readFile(join(directory, 'credentials.json'), 'utf8'),
  );
  return {
    data,
    logFile: join(directory, 'server.log'),
    portFile: join(directory, 'port'),
    credentials,
  };
}

async function makeCluster(
  directory: string,
  location: ClusterLocation,
  binaries: PostgresBinaries,
  durability: Durability,
): Promise<void> {
  await removeAbandoned(location.root);
  const staging = await mkdtemp(join(location.root, 'cluster.building-'));
  try {
    const credentials = { superuser: randomPassword(), owner: randomPassword() };
    await initialise(staging, credentials.superuser, location, binaries, durability);
    const path = join(staging, 'credentials.json');
    await writeFile(path, JSON.stringify(credentials), { mode: 0o600, flush: true });
    await rename(staging, directory);
    if (durability === 'durable') await flushDirectory(location.root);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function initialise(
  staging: string,
  password: string,
  { account }: ClusterLocation,
  binaries: PostgresBinaries,
  durability: Durability,
): Promise<void> {
  const data = join(staging, 'data');
  const passwordFile = join(staging, 'password');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) {
    await chown(staging, -1, account.gid);
    await chmod(staging, 0o710);
    await chown(data, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  const { code, output } = await runProgram(
    binaries.initdb,
    [
      `--pgdata=${data}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Order by code point and fold the case of all of Unicode, the same on every machine: the provider
      // is PostgreSQL itself. Under plain C, lower() and ILIKE know only A to Z; a libc or ICU locale
      // changes its order with the system's version, which corrupts indexes.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-locale',
      ...(durability === 'fast' ? ['--no-sync'] : []),
    ],
    account,
  );
  await rm(passwordFile);
  if (code !== 0) throw new Error(explainInitdbFailure(output));
}

function explainInitdbFailure(output: string): string {
  const unnamed = output.includes('could not look up effective user ID');
  const advice = unnamed ? ' This user id needs a name: add it to /etc/passwd.' : '';
  return `The embedded PostgreSQL cluster could not be made.${advice} initdb said:\n${output.trim()}`;
}

/** Removes the folders of earlier starts that were killed during initdb. Young ones may be another start's. */
async function removeAbandoned(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!name.startsWith('cluster.building-')) continue;
    const path = join(root, name);
    const { mtimeMs } = (await stat(path).catch(() => undefined)) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}

/** 192 bits, in characters that need no escaping in a URL or in SQL. */
function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}

async function flushDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
