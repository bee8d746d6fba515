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
/** Bundled into the web app as well. */
const CONTRACT = resolve(APP, '../../contract');
const BUILDS = join(APP, 'dist');
/** Builds that a process still running may serve are left alone for this long. */
const KEEP_MS = 7 * 86_400_000;

/**
 * The directory of the built web app, one for each state of its sources, so that a running dashboard keeps its
 * files when another version is built. Builds it when it is not there, in a process of its own, because a
 * bundler's memory is not the dashboard's to keep. Several processes may do so at once.
 *
 * @throws when the build fails, with what it printed
 */
export async function buildWebApp(): Promise<string> {
  const directory = join(BUILDS, await hashSources());
  if (await isThere(directory)) return directory;
  await mkdir(BUILDS, { recursive: true });
  const fresh = await mkdtemp(join(BUILDS, '.build-'));
  try {
    await runVite(fresh);
    await compress(fresh);
    // Whole or not at all; when somebody else just did the same, theirs is as good.
    await rename(fresh, directory).catch(async (error: unknown) => {
      if (!(await isThere(directory))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  await removeOldBuilds();
  return directory;
}

/** Once here instead of for every visitor: `name.br` and `name.gz` beside each text. */
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

/** Of everything a build depends on: the app's files, the states table it shares with the api, the packages. */
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
  // What a build holds besides what it is made of.
  const hash = createHash('sha256').update('precompressed');
  for (const file of files.sort())
    hash
      .update(file.slice(APP.length))
      .update('\0')
      .update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}
