import { createHash } from 'node:crypto';
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { defaultServerAccount, runProgram, type ServerAccount } from './embedded-account.ts';
import { errorCode } from '../system-error.ts';

const POINTER = 'LOCATION';
const SYSTEM_STATE = '/var/lib/exhibit';

export interface ClusterLocation {
  /** Absolute, without symbolic links; holds the programs and the cluster. */
  readonly root: string;
  /** Undefined: the server runs as ourselves. */
  readonly account: ServerAccount | undefined;
}

/**
 * Where the files of the cluster of `directory` lie: there, unless we are root and the account the server
 * runs as cannot reach it (below a 0700 home). Then they are put elsewhere and `directory/LOCATION` says
 * where, for good: the file is the only link, so removing `directory` starts afresh.
 */
export async function locateCluster(
  directory: string,
  log: (message: string) => void,
): Promise<ClusterLocation> {
  await mkdir(resolve(directory), { recursive: true });
  const own = await realpath(directory);
  const pointed = await readPointer(own);
  const root = pointed ?? own;
  const owner = await ownerOf(join(root, 'cluster', 'data'));
  if (process.getuid?.() !== 0) {
    if (owner && owner.uid !== process.getuid?.()) throw foreignCluster(root);
    return { root, account: undefined };
  }
  // An existing cluster keeps its account, also when a better one has since appeared.
  const account = owner && owner.uid > 0 ? owner : await defaultServerAccount();
  if (await isReachable(root, account)) return { root, account };
  if (owner) {
    throw new Error(
      `The cluster in ${root} belongs to uid ${account.uid}, which may not enter a directory above it. ` +
        'Allow it to (chmod o+x), or move the cluster.',
    );
  }
  return { root: await relocate(own, account, log), account };
}

async function readPointer(directory: string): Promise<string | undefined> {
  const pointer = join(directory, POINTER);
  const content = await readFile(pointer, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw errorCode(error) === 'EACCES' ? foreignCluster(directory, error) : error;
  });
  if (content === undefined) return undefined;
  const root = content.split('\n')[0] ?? '';
  if (await stat(root).catch(() => undefined)) return realpath(root);
  // Starting with an empty database here would look as if all data were lost.
  throw new Error(
    `The cluster of ${directory} was in "${root}", which is gone. Bring it back, or remove ${pointer} to begin with an empty one.`,
  );
}

async function ownerOf(path: string): Promise<ServerAccount | undefined> {
  try {
    const { uid, gid } = await lstat(path);
    return { uid, gid };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    if (errorCode(error) === 'EACCES') throw foreignCluster(path, error);
    throw error;
  }
}

function foreignCluster(path: string, cause?: unknown): Error {
  return new Error(
    `The cluster in ${path} belongs to another user. Start Exhibit as the user who started it first, or choose another EXHIBIT_HOME.`,
    { cause },
  );
}

/** Whether the account may enter `root`; opens `root` itself (it is ours) for the account's group if needed. */
async function isReachable(root: string, account: ServerAccount): Promise<boolean> {
  if (await hasSearchPermission(root, account)) return true;
  if (!(await hasSearchPermission(dirname(root), account))) return false;
  const { uid, mode } = await stat(root);
  await chown(root, uid, account.gid);
  await chmod(root, (mode & 0o7777) | 0o010);
  return hasSearchPermission(root, account);
}

/** Asked of the kernel rather than worked out from modes: it also knows access lists and mounts. */
async function hasSearchPermission(path: string, account: ServerAccount): Promise<boolean> {
  const { code, output } = await runProgram('test', ['-x', path], account);
  if (code === 0) return true;
  if (output === '') return false;
  throw new Error(`Cannot become uid ${account.uid} to run PostgreSQL: ${output.trim()}`);
}

async function relocate(
  directory: string,
  account: ServerAccount,
  log: (message: string) => void,
): Promise<string> {
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const root =
    (await makeReachable(SYSTEM_STATE, name, account)) ??
    (await makeReachable(tmpdir(), `exhibit-${name}`, account));
  if (root === undefined) {
    throw new Error(
      `PostgreSQL does not run as root, and uid ${account.uid} can reach neither ${directory} nor ${SYSTEM_STATE} nor ${tmpdir()}. ` +
        'Choose another EXHIBIT_HOME.',
    );
  }
  const kept = await keepPointer(directory, root);
  log(
    `PostgreSQL does not run as root, and uid ${account.uid} cannot enter ${directory}: the database files are in ${kept}`,
  );
  return kept;
}

async function makeReachable(
  parent: string,
  name: string,
  account: ServerAccount,
): Promise<string | undefined> {
  try {
    // Ours if it was missing, whatever the umask; one that was there keeps its mode.
    if (await mkdir(parent, { recursive: true })) await chmod(parent, 0o755);
    const root = await realpath(await mkdtemp(join(parent, `${name}-`)));
    if (await isReachable(root, account)) return root;
    await rm(root, { recursive: true });
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
  }
  return undefined;
}

/** Writes LOCATION whole and only if there is none yet: of two starts at once both use the first's. */
async function keepPointer(directory: string, root: string): Promise<string> {
  const staging = join(directory, `${POINTER}.${process.pid}`);
  await writeFile(staging, `${root}\n`, { flush: true });
  try {
    await link(staging, join(directory, POINTER));
    return root;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    await rm(root, { recursive: true });
    return (await readPointer(directory)) ?? root;
  } finally {
    await rm(staging, { force: true });
  }
}
