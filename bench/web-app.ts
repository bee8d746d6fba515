import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { launchChromium } from '../e2e/browser/launch-chromium.ts';
import type { BenchResult } from './support/bench-result.ts';
import { createBenchRegion } from './support/bench-region.ts';
import { median } from './support/median.ts';
import { openWebAppTarget } from './support/web-app-target.ts';

const EXPLORER = '/events?range=all';
const SCROLLS = 30;

/**
 * Measures the explorer with `rows` events in a real browser, through dashboard and api: JavaScript of the first page
 * (gzip, bytes), navigation until rows are shown, filter click until rows are shown, longest task while scrolling (ms).
 */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using region = await createBenchRegion();
  await using target = await openWebAppTarget(region, options.rows);
  await using browser = await launchChromium();
  const rounds: Round[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const context = await browser.newContext({
      baseURL: target.url,
      locale: 'en-GB',
      viewport: { width: 1440, height: 900 },
    });
    const signedIn = await context.request.post('/api/auth/sign-in/email', { data: target.logIn });
    if (!signedIn.ok()) throw new Error(`sign-in returned ${signedIn.status()}`);
    rounds.push(await measure(await context.newPage()));
    await context.close();
  }
  const figure = (name: keyof Round) => Math.round(median(rounds.map((round) => round[name])));
  return {
    name: 'web-app',
    figures: {
      rows: options.rows,
      initialScriptGzipBytes: figure('initialScriptGzipBytes'),
      firstRowsMs: figure('firstRowsMs'),
      filterToRowsMs: figure('filterToRowsMs'),
      maxTaskScrollingMs: Math.max(...rounds.map((round) => Math.round(round.maxTaskScrollingMs))),
    },
    ratios: {},
  };
}

interface Round {
  readonly initialScriptGzipBytes: number;
  readonly firstRowsMs: number;
  readonly filterToRowsMs: number;
  readonly maxTaskScrollingMs: number;
}

async function measure(page: Page): Promise<Round> {
  const scripts: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script')
      scripts.push(response.body().then((body) => gzipSync(body).length));
  });
  const row = page
    .getByRole('region', { name: 'Events' })
    .locator('tbody tr[aria-rowindex]')
    .first();
  const start = performance.now();
  await page.goto(EXPLORER, { waitUntil: 'commit' });
  await row.waitFor();
  const firstRowsMs = performance.now() - start;
  await page.waitForLoadState('networkidle');
  const initialScriptGzipBytes = (await Promise.all(scripts)).reduce(
    (sum, bytes) => sum + bytes,
    0,
  );
  return {
    firstRowsMs,
    initialScriptGzipBytes,
    maxTaskScrollingMs: await scroll(page),
    filterToRowsMs: await filter(page),
  };
}

/** Time from the click on a category until only rows of that category are shown. */
async function filter(page: Page): Promise<number> {
  const value = page
    .getByRole('region', { name: 'Events' })
    .getByRole('button', { name: 'billing', exact: true })
    .first();
  await value.scrollIntoViewIfNeeded();
  const start = performance.now();
  await value.click();
  await page.waitForURL(/category=billing/);
  // Pass a string, because this program has no DOM types. The old rows may still be shown.
  await page.waitForFunction(`(() => {
    const rows = [...document.querySelectorAll('table[aria-busy="false"] tbody tr[aria-rowindex]')];
    return rows.length > 0 && rows.every((row) => row.textContent.includes('billing'));
  })()`);
  return performance.now() - start;
}

/** The longest task of the main thread while 200 rows are scrolled down and up; 0 if none takes over 50 ms. */
async function scroll(page: Page): Promise<number> {
  await page.getByLabel('Events per page').selectOption('200');
  await page.locator('table[aria-busy="false"]').waitFor();
  await page.getByText(/^1–200 of/).waitFor();
  // Pass a string, because this program has no DOM types.
  await page.evaluate(`longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: 'longtask' });`);
  await page.mouse.move(700, 600);
  for (let step = 0; step < SCROLLS; step += 1) {
    await page.mouse.wheel(0, step < SCROLLS / 2 ? 500 : -500);
    // Scroll once per frame, as a person would.
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
  }
  return Number(await page.evaluate('longest'));
}
