import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

interface AxeOptions {
  /** CSS selector of the part to look at: the open dialog, say; the whole page otherwise. */
  readonly within?: string;
}

/** Elements named for each rule: fifty rows that break one are one mistake. */
const MAX = 4;

/** What is still fading in has not its colors yet. What turns for ever is left alone. */
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
  const axe = new AxeBuilder({ page });
  if (within !== undefined) axe.include(within);
  const { violations } = await axe.analyze();
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
