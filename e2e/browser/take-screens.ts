// `npm run screens`: every screen of screens.ts, in both themes and widths, into docs/screens.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from '@playwright/test';
import { launchChromium } from './launch-chromium.ts';
import { openContext, type Theme } from './open-context.ts';
import { openProduct, type Product } from './product.ts';
import { quantisePng } from './quantise-png.ts';
import { type Screen, SCREENS } from './screens.ts';
import { seedScreens } from './seed-screens.ts';
import { watchPage } from './watch-page.ts';

const FOLDER = resolve(import.meta.dirname, '../../docs/screens');
const THEMES = ['light', 'dark'] as const;
const WIDTHS = [1440, 390] as const;

const USAGE = `npm run screens -- [--only NAME]… [--home DIR] [--url URL]
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
    only: { type: 'string', multiple: true, default: [] },
    home: { type: 'string' },
    url: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const mistakes = values.only
  .filter((name) => !SCREENS.some((screen) => screen.name === name))
  .map((name) => `There is no screen ${name}.\n`);
// The log-ins are in the home's demo.json.
if (values.url !== undefined && values.home === undefined) mistakes.push('--url needs --home.\n');
if (values.help || mistakes.length > 0) {
  process.stderr.write(`${mistakes.join('')}${USAGE}`);
  process.exitCode = mistakes.length > 0 ? 2 : 0;
} else {
  const shots = SCREENS.filter(
    ({ name }) => values.only.length === 0 || values.only.includes(name),
  );
  await takeScreens(shots);
}

async function takeScreens(screens: readonly Screen[]): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const { product, stop } = await openProduct({ home: values.home, url: values.url });
  try {
    await seedScreens(product);
    await using browser = await launchChromium();
    for (const screen of screens)
      for (const theme of THEMES)
        for (const width of WIDTHS) await report(browser, product, { screen, theme, width });
  } finally {
    await stop();
  }
}

/** One screen that fails must not cost the others. */
async function report(browser: Browser, product: Product, shot: Shot): Promise<void> {
  const file = `${shot.screen.name}.${shot.theme}.${shot.width}.png`;
  try {
    const { bytes, problems } = await take(browser, product, shot);
    await writeFile(join(FOLDER, file), bytes);
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
    if (answer?.ok() !== true) throw new Error(`${screen.path} answers ${answer?.status()}`);
    if (screen.busy === true) await page.getByRole('status').first().waitFor();
    else await settle(page);
    await screen.prepare?.(page, product);
    if (screen.busy !== true) await settle(page);
    const png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    return {
      bytes: quantisePng(png),
      problems: problems().filter(
        (problem) => screen.problems?.some((known) => known.test(problem)) !== true,
      ),
    };
  } finally {
    // Answers laid over the real ones may still be on their way.
    for (const page of context.pages()) await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  }
}

/** Until nothing is being fetched, says it is busy, or is a font on its way. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}
