import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  access,
  glob,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const APP = resolve(import.meta.dirname, '../../app');
/** Other sources that are bundled into the web app. */
const CONTRACT = resolve(APP, '../../contract');
const BUILDS = join(APP, 'dist');
/** Older builds are kept for this long, because a running process may still serve them. */
const KEEP_MS = 7 * 86_400_000;

/**
 * Returns the directory of the built web app. Each state of the sources has its own directory, so that a running
 * dashboard keeps its files when another version is built. A missing build is made in a separate process, so that the
 * bundler's memory is released afterwards. Several processes may build at the same time.
 *
 * @throws Error with the output of a failed build
 */
export async function buildWebApp(): Promise<string> {
  const directory = join(BUILDS, await hashSources());
  if (await isThere(directory)) return directory;
  await mkdir(BUILDS, { recursive: true });
  const fresh = await mkdtemp(join(BUILDS, '.build-'));
  try {
    await runVite(fresh);
    await compress(fresh);
    // Renaming is atomic; if another process has just built the same, its result is used.
    await rename(fresh, directory).catch(async (error: unknown) => {
      if (!(await isThere(directory))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  await removeOldBuilds();
  return directory;
}

/** Compresses each text file once, to `name.br` and `name.gz`, instead of for every request. */
async function compress(directory: string): Promise<void> {
  for await (const name of glob('**/*.{js,css,svg}', { cwd: directory })) {
    const path = join(directory, name);
    const content = await readFile(path);
    await writeFile(`${path}.br`, await promisify(brotliCompress)(content));
    await writeFile(
      `${path}.gz`,
      await promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
    );
  }
}

async function removeOldBuilds(): Promise<void> {
  for (const name of await readdir(BUILDS)) {
    const path = join(BUILDS, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > KEEP_MS) await rm(path, { recursive: true, force: true });
  }
}

async function runVite(outDir: string): Promise<void> {
  const vite = join(
    dirname(createRequire(import.meta.url).resolve('vite/package.json')),
    'bin/vite.js',
  );
  const child = spawn(
    process.execPath,
    [vite, 'build', APP, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_ENV: 'production' } },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The web app could not be built:\n${output}`);
}

async function isThere(directory: string): Promise<boolean> {
  return access(directory).then(
    () => true,
    () => false,
  );
}

/** A digest of everything a build depends on: the app's files, the shared sources and the packages. */
async function hashSources(): Promise<string> {
  const exclude = (name: string) => name === 'dist' || name === 'node_modules';
  const files = (
    await Array.fromAsync(glob('**/*.{ts,tsx,css,html,js,svg,json}', { cwd: APP, exclude }))
  )
    .filter((name) => !name.includes('.test.'))
    .map((name) => join(APP, name));
  files.push(
    resolve(APP, '../package.json'),
    ...(await Array.fromAsync(glob('*.ts', { cwd: CONTRACT })))
      .filter((name) => !name.includes('.test.'))
      .map((name) => join(CONTRACT, name)),
  );
  // The hash also covers the build step itself: change this text when the step changes.
  const hash = createHash('sha256').update('precompressed');
  for (const file of files.sort())
    hash
      .update(file.slice(APP.length))
      .update('\0')
      .update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}
