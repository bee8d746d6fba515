import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';
import { patient } from '../../testing/patience.ts';

test(
  'a link with an unknown filter shows a notice and disables Export until it is resolved',
  async ({ openPage }) => {
    const page = await openPage({ as: 'owner' });
    await page.goto('/events?range=30d&actr=foo&category=&page=-3');
    const notice = page.getByRole('alert').filter({ hasText: 'Part of this link was ignored' });
    await expect(notice).toBeVisible({ timeout: patient(30_000) });
    await expect(notice).toContainText(
      "actr=foo This parameter doesn't exist. Did you mean actor?",
    );
    await expect(notice).toContainText('category= It is empty.');
    await expect(notice).toContainText('page=-3');
    const exporting = page.getByRole('button', { name: 'Export…' });
    await expect(exporting).toHaveAttribute('aria-disabled', 'true');
    await expect(page.getByRole('button', { name: 'Save view' })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await expectAccessible(page);
    // Forced, because a click would otherwise wait for the button to be enabled.
    await exporting.click({ force: true });
    await page.keyboard.press('e');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    // Another filter does not make the ignored one disappear.
    await page.getByRole('button', { name: /^Time range/ }).click();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await expect(page).toHaveURL(/range=7d/);
    await expect(notice).toContainText('actr=foo');
    await expect(exporting).toHaveAttribute('aria-disabled', 'true');
    await notice.getByRole('button', { name: 'Ignore and continue' }).click();
    await expect(notice).toHaveCount(0);
    await expect(page).toHaveURL(/\/events\?range=7d$/);
    await exporting.click();
    await expect(page.getByRole('dialog', { name: 'Export filtered events' })).toBeVisible();
  },
  patient(180_000),
);

test('a date without a time in a link means the whole day in UTC, and the page shows the days', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events?from=2026-07-01&to=2026-09-30');
  await expect(
    page.getByRole('button', { name: 'Time range: 1 Jul – 30 Sep 2026 (UTC)' }),
  ).toBeVisible({ timeout: patient(30_000) });
  await expect(page.getByText('was ignored')).toHaveCount(0);
});

test('the exports, evidence, templates and settings pages list ignored parameters', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  for (const [path, text] of [
    ['/exports?status=broken', 'status=broken It must be pending, running'],
    ['/evidence?user=&typ=x', "typ=x This parameter doesn't exist. Did you mean type?"],
    ['/exports/templates?search=x', "search=x This parameter doesn't exist. Did you mean q?"],
    ['/settings?tab=members', "tab=members This parameter doesn't exist"],
  ] as const) {
    await page.goto(path);
    await expect(page.getByText(text), path).toBeVisible({ timeout: patient(30_000) });
    if (path.startsWith('/evidence'))
      await expect(page.getByRole('button', { name: 'Export CSV' })).toHaveAttribute(
        'aria-disabled',
        'true',
      );
    await page.getByRole('button', { name: 'Ignore and continue' }).click();
    await expect(page.getByText('was ignored'), path).toHaveCount(0);
  }
  await page.goto('/exports/templates?from=explorer%3A%3Factr%3Dfoo');
  await expect(page.getByText('Invalid filter in this address: actr=foo.')).toBeVisible();
});
