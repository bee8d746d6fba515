import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/exhibit');
const INFLATE = join(import.meta.dirname, 'inflate-chromium.ts');

export interface FoundBrowser {
  readonly path: string;
  /** Variables to add to the browser's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Unpacks the browser of @sparticuz/chromium (2 s, 210 MB) unless it is already unpacked. The package itself unpacks
 * to a fixed path in the temporary folder and mistakes another process's half-written file for a complete one; here
 * the folder is published by one rename, so it is complete or absent.
 * @throws Error on platforms that the package does not support
 */
export async function unpackChromium(): Promise<FoundBrowser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium found. Install one and set CHROMIUM_PATH to it.');
  }
  const folder = resolve(
    dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')),
    '..',
  );
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  const target = join(CACHE, `chromium-${version}`);
  if (!(await exists(target))) await unpackTo(target, join(folder, 'bin'));
  return { path: join(target, 'chromium'), env: await environmentFor(target) };
}

async function unpackTo(target: string, archives: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(`${target}-unpacking-`);
  try {
    // A separate process, because the package writes to os.tmpdir().
    await run(process.execPath, [INFLATE, archives], { env: { ...process.env, TMPDIR: folder } });
    await writeFile(join(folder, 'fonts.conf'), fontConfiguration(target));
    await rename(folder, target);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    // Another process was faster: a rename never replaces a non-empty folder.
    if (!(await exists(target))) throw error;
  }
}

/** Uses the package's libraries (NSS) and fonts if the machine lacks them. */
async function environmentFor(target: string): Promise<Record<string, string>> {
  const { stdout } = await run('ldd', [join(target, 'chromium')]).catch(() => ({ stdout: '' }));
  const lacksLibraries = stdout.includes('not found');
  const lacksFonts = !(await exists('/etc/fonts/fonts.conf'));
  return {
    ...(lacksLibraries ? { LD_LIBRARY_PATH: join(target, 'al2023', 'lib') } : {}),
    ...(lacksFonts ? { FONTCONFIG_FILE: join(target, 'fonts.conf') } : {}),
  };
}

function fontConfiguration(target: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(target, 'fonts')}</dir>
  <cachedir>${join(target, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
