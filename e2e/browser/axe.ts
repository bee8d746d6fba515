import type { Page } from '@playwright/test';
import axe from 'axe-core';

interface AxeOptions {
  /** CSS selector of the part to check, such as the open dialog. The whole page by default. */
  readonly within?: string;
}

/** Maximum number of elements listed per rule, because fifty rows that break a rule are one mistake. */
const MAX = 4;

/** Waits for animations to end, because elements that fade in do not have their final colors yet. */
async function atRest(): Promise<void> {
  const ending = document
    .getAnimations()
    .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
  await Promise.allSettled(ending.map(({ finished }) => finished));
}

/**
 * Fails unless axe-core finds nothing to object to by WCAG 2.2 AA and its best practices.
 * @throws Error that names each rule with the elements that break it
 */
export async function expectAccessible(page: Page, { within }: AxeOptions = {}): Promise<void> {
  await page.evaluate(atRest);
  const violations = await findViolations(page, within);
  if (violations.length === 0) return;
  const lines = violations.map(({ id, impact, help, helpUrl, nodes }) =>
    [
      `${id} (${impact ?? 'minor'}): ${help} — ${helpUrl}`,
      ...nodes
        .slice(0, MAX)
        .map(
          ({ html, target, failureSummary = '' }) =>
            `  ${target.join(' ')}\n    ${html.slice(0, 200)}\n    ${failureSummary.replaceAll('\n', '\n    ')}`,
        ),
    ].join('\n'),
  );
  throw new Error(`${page.url()} is not accessible:\n${lines.join('\n')}`);
}

/**
 * Runs axe-core in the page itself. @axe-core/playwright collects from all frames in a second page and transfers
 * every element that passed, which takes ten times as long; our pages have no frames.
 */
async function findViolations(page: Page, within: string | undefined): Promise<axe.Result[]> {
  if (page.frames().length > 1) throw new Error('axe would not look into the frames of this page');
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async (selector) => {
    const inPage = (globalThis as unknown as { axe: typeof axe }).axe;
    const results = await inPage.run(selector ?? document, { resultTypes: ['violations'] });
    return results.violations;
  }, within);
}
