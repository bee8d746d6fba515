import { access, constants } from 'node:fs/promises';
import { type Browser, chromium } from '@playwright/test';
import { type FoundBrowser, unpackChromium } from './unpack-chromium.ts';

// In addition to Playwright's own switches, these turn off the GPU and internet access. The `args` of
// @sparticuz/chromium are not used, because they are for Lambda and turn web security off.
const SWITCHES = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--disable-component-update',
  '--disable-background-networking',
  '--no-first-run',
];

/** Starts a headless Chromium. The caller must close it. */
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
 * Finds a Chromium: `$CHROMIUM_PATH`, otherwise that of the system, otherwise that of Playwright, otherwise the one
 * from npm, so that the tests also run on a machine without a browser.
 * @throws Error if `$CHROMIUM_PATH` is set but not executable, instead of silently using another browser
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
