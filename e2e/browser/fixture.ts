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
  /** The person who is signed in. By default the page has no session. */
  readonly as?: Who;
  /** Creates a separate session, for tests that sign out or end sessions and would otherwise affect other tests. */
  readonly ownSession?: boolean;
  /** Problems that the test expects on this page (see `watchPage`), such as `/answer: 503/`. */
  readonly expectedProblems?: readonly RegExp[];
}

/**
 * A page that is closed after the test. Other pages of the test share no cookies or storage with it. Paths are
 * relative: `page.goto('/events')`.
 */
type OpenPage = (options?: OpenPageOptions) => Promise<Page>;

interface Fixtures {
  readonly browser: Browser;
  readonly openPage: OpenPage;
  readonly product: Product;
}

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Returns the context for reuse by a later test, or closes it. */
  readonly close: () => Promise<void>;
  readonly problems: () => readonly string[];
}

/**
 * Playwright's `expect`: assertions on a locator or page are retried for up to ten seconds, and all others work as in
 * vitest. It has no snapshots.
 */
export const expect = playwrightExpect.configure({ timeout: patient(10_000) });

/**
 * `test('…', async ({ openPage, product }) => …)`. A test fails if one of its pages has problems. For a failed test,
 * the log contains the text of its pages, and test-results/browser contains screenshots and, with EXHIBIT_TRACE=1,
 * traces.
 */
export const test = base.extend<Fixtures>({
  // vitest reads the required fixtures from the destructured parameter, so it must be there even if empty.
  browser: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const browser = await launchChromium();
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
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
    await Promise.all(opened.map(({ close }) => close()));
    if (problems.length > 0) throw new Error(`Problems on the page:\n${problems.join('\n')}`);
  },
});

/** Contexts that no test currently uses. They keep the browser cache, so the web app is loaded and compiled once. */
const idle = new Map<string, BrowserContext[]>();

async function open(browser: Browser, product: Product, options: OpenPageOptions): Promise<Opened> {
  const session = await sessionFor(product, options);
  const { as: who, ownSession = false, expectedProblems, ...settings } = options;
  const isShared = !ownSession && !isTracing();
  const kind = JSON.stringify([product.url, who, settings]);
  const kept = isShared ? idle.get(kind)?.pop() : undefined;
  // Reset cookies and storage, because an earlier test may have signed out or changed a setting.
  await kept?.setStorageState(session ?? { cookies: [], origins: [] });
  const context = kept ?? (await openContext(browser, product.url, session, settings));
  if (isTracing()) await context.tracing.start({ screenshots: true, snapshots: true });
  const page = await context.newPage();
  const close = async () => {
    if (!isShared) return context.close();
    await Promise.all(context.pages().map((each) => each.close()));
    idle.set(kind, [...(idle.get(kind) ?? []), context]);
  };
  return { page, context, close, problems: watchPage(page, expectedProblems) };
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
