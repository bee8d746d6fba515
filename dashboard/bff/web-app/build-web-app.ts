import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { glob, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const APP = resolve(import.meta.dirname, '../../app');
const DIST = join(APP, 'dist');
/** In a built app: what it was built from. */
const STAMP = 'sources.sha256';

/**
 * The directory of the built web app. Builds it when it is not there or its sources have changed, in a process
 * of its own, because a bundler's memory is not the dashboard's to keep. Several processes may do so at once.
 *
 * @throws when the build fails, with what it printed
 */
export async function buildWebApp(): Promise<string> {
  const sources = await hashSources();
  if ((await stampOf(DIST)) === sources) return DIST;
  const fresh = await mkdtemp(join(APP, '.build-'));
  try {
    await runVite(fresh);
    await writeFile(join(fresh, STAMP), sources);
    await publish(fresh, sources);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return DIST;
}

/** Puts the fresh build in the place of the old one; when somebody else just did the same, theirs is as good. */
async function publish(fresh: string, sources: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const old = `${fresh}-old`;
    await rename(DIST, old).catch(() => undefined);
    await rm(old, { recursive: true, force: true });
    try {
      await rename(fresh, DIST);
      return;
    } catch (error) {
      if ((await stampOf(DIST)) === sources) return;
      if (attempt === 3) throw error;
    }
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

async function stampOf(directory: string): Promise<string | undefined> {
  return readFile(join(directory, STAMP), 'utf8').catch(() => undefined);
}

/** Of everything a build depends on: the app's files, the states table it shares with the api, the packages. */
async function hashSources(): Promise<string> {
  const exclude = (name: string) =>
    name === 'dist' || name === 'node_modules' || name.startsWith('.build-');
  const files = (
    await Array.fromAsync(glob('**/*.{ts,tsx,css,html,js,svg,json}', { cwd: APP, exclude }))
  )
    .filter((name) => !name.includes('.test.'))
    .map((name) => join(APP, name));
  files.push(
    resolve(APP, '../package.json'),
    resolve(APP, '../../server/src/exports/export-state.ts'),
  );
  const hash = createHash('sha256');
  for (const file of files.sort())
    hash
      .update(file.slice(APP.length))
      .update('\0')
      .update(await readFile(file));
  return hash.digest('hex');
}
