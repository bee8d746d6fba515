import { access, constants } from 'node:fs/promises';
import { type Browser, chromium } from '@playwright/test';
import { type FoundBrowser, unpackChromium } from './unpack-chromium.ts';

// In addition to Playwright's own switches: no GPU and no internet access. Not the `args` of
// @sparticuz/chromium, which are for Lambda and turn web security off.
const SWITCHES = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--disable-component-update',
  '--disable-background-networking',
  '--no-first-run',
];

/** Starts the Chromium of this machine, headless; the caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const { path, env } = await findChromium();
  return chromium.launch({
    executablePath: path,
    args: SWITCHES,
    // Chromium's sandbox refuses to run as root, the usual user in containers and CI.
    chromiumSandbox: false,
    env: { ...process.env, ...env },
  });
}

/**
 * `$CHROMIUM_PATH`, else the system's, else the one Playwright installed, else the one that came with npm, so
 * that the tests run where nothing is installed.
 * @throws Error when `$CHROMIUM_PATH` is set but not an executable: silently using another one would be worse
 */
export async function findChromium(): Promise<FoundBrowser> {
  const asked = process.env['CHROMIUM_PATH'];
  if (asked !== undefined && asked !== '') {
    if (await isProgram(asked)) return { path: asked, env: {} };
    throw new Error(`CHROMIUM_PATH is ${asked}, which is no program that can be run.`);
  }
  for (const path of ['/usr/bin/chromium', chromium.executablePath()])
    if (await isProgram(path)) return { path, env: {} };
  return unpackChromium();
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
