// `npm run screens` takes every screen of screens.ts in both themes and widths, into test-results/screens.
// `npm run screens -- --docs` retakes the screenshots in docs/screens, which the documents show.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from '@playwright/test';
import { launchChromium } from './launch-chromium.ts';
import { openContext, type Theme } from './open-context.ts';
import { openProduct, type Product } from './product.ts';
import { type Screen, SCREENS } from './screens.ts';
import { seedScreens } from './seed-screens.ts';
import { watchPage } from './watch-page.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DOCS_FOLDER = join(ROOT, 'docs/screens');
const RESULTS_FOLDER = join(ROOT, 'test-results/screens');
const THEMES = ['light', 'dark'] as const;
const WIDTHS = [1440, 390] as const;

const USAGE = `npm run screens -- [--docs] [--only NAME]… [--home DIR] [--url URL]
  --docs       retake the files in docs/screens; without it, all screens go to test-results/screens
  --only NAME  this screen only; may be repeated
  --home DIR   the EXHIBIT_HOME of a running product with demo data, instead of starting one
  --url URL    the dashboard's address, if it is not the one in DIR/demo.json (a development server, say)
`;

interface Shot {
  readonly screen: Screen;
  readonly theme: Theme;
  readonly width: number;
}

const { values } = parseArgs({
  options: {
    docs: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    home: { type: 'string' },
    url: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const mistakes = values.only
  .filter((name) => !SCREENS.some((screen) => screen.name === name))
  .map((name) => `Unknown screen: ${name}.\n`);
// The logins are in the home's demo.json.
if (values.url !== undefined && values.home === undefined) mistakes.push('--url needs --home.\n');
if (values.help || mistakes.length > 0) {
  process.stderr.write(`${mistakes.join('')}${USAGE}`);
  process.exitCode = mistakes.length > 0 ? 2 : 0;
} else {
  await takeScreens(values.docs ? DOCS_FOLDER : RESULTS_FOLDER, await requestedShots());
}

/** The screens of `--only` or all of them, in both themes and widths; with `--docs`, only existing files. */
async function requestedShots(): Promise<readonly Shot[]> {
  const shots = SCREENS.filter(
    ({ name }) => values.only.length === 0 || values.only.includes(name),
  ).flatMap((screen) =>
    THEMES.flatMap((theme) => WIDTHS.map((width) => ({ screen, theme, width }))),
  );
  if (!values.docs) return shots;
  const files = new Set(await readdir(DOCS_FOLDER));
  return shots.filter((shot) => files.has(fileName(shot)));
}

function fileName({ screen, theme, width }: Shot): string {
  return `${screen.name}.${theme}.${width}.png`;
}

async function takeScreens(folder: string, shots: readonly Shot[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { product, stop } = await openProduct({ home: values.home, url: values.url });
  try {
    await seedScreens(product);
    await using browser = await launchChromium();
    for (const shot of shots) await report(folder, browser, product, shot);
  } finally {
    await stop();
  }
}

/** Saves a screenshot, or reports the failure so that the other screenshots are still taken. */
async function report(
  folder: string,
  browser: Browser,
  product: Product,
  shot: Shot,
): Promise<void> {
  const file = fileName(shot);
  try {
    const { bytes, problems } = await take(browser, product, shot);
    await writeFile(join(folder, file), bytes);
    process.stdout.write(`${file} ${Math.ceil(bytes.length / 1024)} KiB\n`);
    if (problems.length > 0) throw new Error(`Problems on the page:\n${problems.join('\n')}`);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${file}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

async function take(browser: Browser, product: Product, { screen, theme, width }: Shot) {
  const session = screen.as === undefined ? undefined : product.sessions[screen.as];
  const context = await openContext(browser, product.url, session, { theme, width });
  try {
    const page = await context.newPage();
    const problems = watchPage(page);
    await screen.before?.(page);
    const answer = await page.goto(screen.path);
    if (answer?.ok() !== true)
      throw new Error(`${screen.path} returned status ${answer?.status()}`);
    if (screen.busy === true) await page.getByRole('status').first().waitFor();
    else await settle(page);
    await screen.prepare?.(page, product);
    if (screen.busy !== true) await settle(page);
    const bytes = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    return {
      bytes,
      problems: problems().filter(
        (problem) => screen.problems?.some((known) => known.test(problem)) !== true,
      ),
    };
  } finally {
    // A mocked response may still be in flight.
    for (const page of context.pages()) await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  }
}

/** Waits until no request is running, nothing is busy and all fonts have loaded. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}
