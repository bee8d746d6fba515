import { beforeAll, inject } from 'vitest';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';
import { SCREENS } from './screens.ts';
import { seedScreens } from './seed-screens.ts';

beforeAll(() => seedScreens(inject('product')));

test.for(SCREENS)(
  'the screen $name is accessible in both themes',
  async (screen, { openPage, product }) => {
    const page = await openPage({
      ...(screen.as !== undefined && { as: screen.as }),
      ...(screen.problems !== undefined && { expectedProblems: screen.problems }),
    });
    await screen.before?.(page);
    await page.goto(screen.path);
    if (screen.busy === true) await page.getByRole('status').first().waitFor();
    else await page.waitForLoadState('networkidle');
    await screen.prepare?.(page, product);
    if (screen.busy !== true) await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    // Colours that are on their way are neither theme's.
    await page.waitForFunction(() => document.getAnimations().length === 0);
    await expectAccessible(page);
  },
);
