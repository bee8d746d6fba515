import { beforeAll, inject, vi } from 'vitest';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';
import { SCREENS } from './screens.ts';
import { seedScreens } from './seed-screens.ts';

/**
 * Themes alternate from screen to screen. EXHIBIT_BOTH_THEMES=1 checks each screen in both themes, which takes twice
 * as long.
 */
const BOTH = process.env['EXHIBIT_BOTH_THEMES'] === '1';
/**
 * Screens that other tests check in both themes: explorer.test.ts the explorer and its menus, exports.test.ts the
 * list of exports, failures.test.ts an export that can really be canceled.
 */
const ELSEWHERE = new Set([
  'events',
  'events-range',
  'events-category',
  'saved-views',
  'exports',
  'cancel-export',
]);
const CASES = SCREENS.filter(({ name }) => !ELSEWHERE.has(name)).flatMap((screen, index) => {
  const themes = index % 2 === 0 ? (['light', 'dark'] as const) : (['dark', 'light'] as const);
  return themes.slice(0, BOTH ? 2 : 1).map((theme) => ({ ...screen, theme }));
});

beforeAll(() => seedScreens(inject('product')));

// Two tests run in parallel, because each mostly waits for its page to finish loading and animating.
vi.setConfig({ maxConcurrency: 2 });

test.concurrent.for(CASES)(
  'the screen $name is accessible in the $theme theme',
  async (screen, { openPage, product }) => {
    const page = await openPage({
      theme: screen.theme,
      ...(screen.as !== undefined && { as: screen.as }),
      ...(screen.problems !== undefined && { expectedProblems: screen.problems }),
    });
    await screen.before?.(page);
    await page.goto(screen.path);
    if (screen.busy === true) await page.getByRole('status').first().waitFor();
    else await page.waitForLoadState('networkidle');
    await screen.prepare?.(page, product);
    if (screen.busy !== true) await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    // An open menu hides everything else from assistive technology, so only the menu is checked.
    const menu = await page.getByRole('menu').count();
    await expectAccessible(page, menu > 0 ? { within: '[role="menu"]' } : {});
    // A mocked response may still be in flight.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  },
);
