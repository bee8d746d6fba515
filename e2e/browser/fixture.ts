import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  expect as playwrightExpect,
  type Page,
} from '@playwright/test';
import { test as base, inject, type RunnerTask } from 'vitest';
import { launchChromium } from './launch-chromium.ts';
import { type ContextOptions, openContext } from './open-context.ts';
import type { Product } from './product.ts';
import { logInOf, signIn, type Who } from './sign-in.ts';
import { watchPage } from './watch-page.ts';
import { patient } from '../../testing/patience.ts';

const RESULTS = resolve(import.meta.dirname, '../../test-results/browser');

interface OpenPageOptions extends ContextOptions {
  /** Who is signed in; nobody by default. */
  readonly as?: Who;
  /** A session of the test's own: for tests that sign out or end sessions, which would sign out everybody else. */
  readonly ownSession?: boolean;
  /** Problems this page is meant to have (see `watchPage`), such as `/answer: 503/`. */
  readonly expectedProblems?: readonly RegExp[];
}

/** A page in a window of its own, closed after the test. Paths are relative: `page.goto('/events')`. */
type OpenPage = (options?: OpenPageOptions) => Promise<Page>;

interface Fixtures {
  readonly browser: Browser;
  readonly openPage: OpenPage;
  readonly product: Product;
}

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly problems: () => readonly string[];
}

/**
 * Playwright's: what is asked of a locator or page is asked again until it holds, for ten seconds; everything
 * else is as in vitest. Snapshots are not there.
 */
export const expect = playwrightExpect.configure({ timeout: patient(10_000) });

/**
 * `test('…', async ({ openPage, product }) => …)`. After each test every page it opened must be free of
 * problems; of a failed test the log has what stood on them, and test-results/browser a screenshot, with
 * EXHIBIT_TRACE=1 a trace, too.
 */
export const test = base.extend<Fixtures>({
  // vitest reads from a fixture's parameter which others it needs: none.
  browser: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const browser = await launchChromium();
      await use(browser);
      await browser.close();
    },
    { scope: 'file' },
  ],
  product: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      await use(inject('product'));
    },
    { scope: 'file' },
  ],
  openPage: async ({ browser, product, task }, use) => {
    const opened: Opened[] = [];
    await use(async (options = {}) => {
      const one = await open(browser, product, options);
      opened.push(one);
      return one.page;
    });
    const problems = opened.flatMap(({ problems }) => problems());
    if (task.result?.state === 'fail' || problems.length > 0) await keepEvidence(opened, task);
    await Promise.all(opened.map(({ context }) => context.close()));
    if (problems.length > 0) throw new Error(`Problems on the page:\n${problems.join('\n')}`);
  },
});

async function open(browser: Browser, product: Product, options: OpenPageOptions): Promise<Opened> {
  const context = await openContext(
    browser,
    product.url,
    await sessionFor(product, options),
    options,
  );
  if (isTracing()) await context.tracing.start({ screenshots: true, snapshots: true });
  const page = await context.newPage();
  return { page, context, problems: watchPage(page, options.expectedProblems) };
}

async function sessionFor(product: Product, { as: who, ownSession }: OpenPageOptions) {
  if (who === undefined) return undefined;
  return ownSession === true
    ? signIn(product.url, logInOf(product.demo, who))
    : product.sessions[who];
}

async function keepEvidence(opened: readonly Opened[], task: RunnerTask): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const name = `${basename(task.file.name, '.test.ts')}-${task.name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 120);
  for (const [index, { page, context }] of opened.entries()) {
    const path = join(RESULTS, `${name}-${index + 1}`);
    // A page that hangs must not hide why the test failed.
    await page.screenshot({ path: `${path}.png`, timeout: patient(5000) }).catch(() => undefined);
    const stood = await page
      .locator('body')
      .ariaSnapshot({ timeout: patient(5000) })
      .catch(String);
    console.error(`${path}: ${page.url()}\n${stood.slice(0, 6000)}`);
    if (isTracing()) await context.tracing.stop({ path: `${path}.zip` });
  }
}

function isTracing(): boolean {
  return process.env['EXHIBIT_TRACE'] === '1';
}
