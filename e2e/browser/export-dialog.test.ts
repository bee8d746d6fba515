import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';
import { patient } from '../../testing/patience.ts';

test('the export dialog shows the size, keeps the purpose, and the job can be followed to its file', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events?range=90d&category=auth');
  const total = /of ([\d,]+)/.exec(await page.getByText(/of [\d,]+$/).innerText())?.[1] ?? '';
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export filtered events' });
  await expect(dialog.getByText(`All ${total} matching events`)).toBeVisible();
  await expect(dialog.getByText('(not just this page)')).toBeVisible();
  await expect(dialog.getByText(/About [\d.]+ [kM]B/)).toBeVisible();
  await dialog.getByRole('radio', { name: 'CSV' }).click();
  await expect(dialog.getByLabel(/Prevent formulas/)).toBeChecked();
  await dialog.getByLabel('Compression').selectOption('gzip');
  const purpose = `AUD-${crypto.randomUUID().slice(0, 8)}`;
  await dialog.getByLabel(/^Purpose/).fill(purpose);
  await expectAccessible(page, { within: '[role="dialog"]' });
  await dialog.getByRole('button', { name: 'Start export' }).click();
  await expect(page.getByText('Export finished', { exact: true })).toBeVisible({
    timeout: patient(20_000),
  });
  await page.getByRole('link', { name: 'View', exact: true }).click();
  await expect(page).toHaveURL(/\/exports\/[0-9a-f-]{36}/);
  const drawer = page.getByRole('dialog', { name: /^Export/ });
  await expect(drawer.getByText(purpose)).toBeVisible();
  await expect(drawer.getByText(`Complete: ${total} rows`)).toBeVisible();
  await expect(drawer.getByText('CSV, gzip, formulas escaped')).toBeVisible();
});

test('the export dialog reports an empty result, an invalid row limit and a limit that truncates', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events?range=90d');
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByLabel(/^Row limit/).fill('ten');
  await expect(page.getByText('Enter a whole number, 1 or more')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start export' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await page.getByLabel(/^Row limit/).fill('10');
  await expect(page.getByText(/About [\d.]+ (?:k?B|bytes)/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start export' })).not.toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await expect(page.getByText(/The oldest 10 events of [\d,]{3,}/)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.goto('/events?range=15m&action=none.at.all');
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(page.getByText('No matching events.')).toBeVisible();
});

test('a member exports their own workspace, and an export of unknown size needs a confirmation', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'member', expectedProblems: [/answer: 503 POST .*estimate/] });
  // Mocked, because this failure can't be produced without breaking everything else.
  await page.route('**/exports/estimate', (route) =>
    route.fulfill({ status: 503, json: { code: 'BUSY', title: 'Busy', detail: 'Try later.' } }),
  );
  await page.goto('/events?range=30d');
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Production')).toBeVisible();
  await expect(dialog.getByText("Couldn't estimate the size")).toBeVisible();
  await dialog.getByRole('button', { name: 'Continue…' }).click();
  await expect(dialog.getByText('The size of this export is unknown')).toBeVisible();
  await dialog.getByRole('button', { name: /^Export all matching rows/ }).click();
  await expect(page.getByText('Export finished', { exact: true })).toBeVisible({
    timeout: patient(20_000),
  });
});

test("a member sees the size of their workspace's export, and the file has that size", async ({
  openPage,
}) => {
  const page = await openPage({ as: 'member' });
  await page.goto('/events?range=90d&category=auth');
  const total = /of ([\d,]+)/.exec(await page.getByText(/of [\d,]+$/).innerText())?.[1] ?? '';
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export filtered events' });
  await expect(dialog.getByText(`All ${total} matching events`)).toBeVisible();
  await expect(dialog.getByText('Production')).toBeVisible();
  await dialog.getByRole('button', { name: 'Start export' }).click();
  await page.getByRole('link', { name: 'View', exact: true }).click({ timeout: patient(20_000) });
  await expect(page.getByRole('dialog').getByText(`Complete: ${total} rows`)).toBeVisible();
});

test('Enter pressed while the events are counted starts the export after the count', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events?range=90d&category=auth');
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export filtered events' });
  await expect(dialog.getByText(/matching events/)).toBeVisible();
  const counted = Promise.withResolvers<void>();
  await page.route('**/exports/estimate', async (route) => {
    await counted.promise;
    await route.continue();
  });
  await dialog.getByRole('radio', { name: 'CSV' }).click();
  const created: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/exports'))
      created.push(request.url());
  });
  await dialog.getByLabel(/^Purpose/).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const button = dialog.getByRole('button', { name: 'Start export' });
  await expect(button).toHaveAttribute('aria-busy', 'true');
  expect(created).toEqual([]);
  counted.resolve();
  await expect(page.getByText('Export finished', { exact: true })).toBeVisible({
    timeout: patient(20_000),
  });
  expect(created).toHaveLength(1);
});

test('closing the export dialog while the events are counted starts no export', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events?range=90d&category=auth');
  const counted = Promise.withResolvers<void>();
  await page.route('**/exports/estimate', async (route) => {
    await counted.promise;
    await route.continue().catch(() => undefined);
  });
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export filtered events' });
  const created: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/exports'))
      created.push(request.url());
  });
  await dialog.getByRole('button', { name: 'Start export' }).click();
  await expect(dialog.getByRole('button', { name: 'Start export' })).toHaveAttribute(
    'aria-busy',
    'true',
  );
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  counted.resolve();
  // An export would have been requested by now: the list is loaded after that request.
  await page.getByRole('link', { name: 'Exports' }).click();
  await expect(page.locator('tbody tr').first()).toBeVisible();
  expect(created).toEqual([]);
});

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}

test.for(['owner', 'member'] as const)(
  'as %s, filtering, opening details and exporting work without a mouse',
  async (as, { openPage }) => {
    const page = await openPage({ as });
    await page.goto('/events?range=90d');
    await expect(page.getByText(/of [\d,]+$/)).toBeVisible();
    await page.keyboard.press('/');
    await page.keyboard.type('login');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/q=login/);
    await expect(page.getByText('Search:')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.locator('table[aria-busy="false"]')).toBeVisible();
    await expect(page.locator('tbody tr[aria-rowindex]').first()).toBeVisible();
    await page.keyboard.press('j');
    await expect(page.locator('tr[aria-selected="true"]')).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Export filtered events' });
    await expect(dialog.getByRole('button', { name: 'Start export' })).toBeVisible();
    await expect(dialog.getByText(/matching events/)).toBeVisible();
    await tabTo(page, dialog.getByRole('radio', { name: 'JSONL' }));
    // Hold the key briefly, as a finger does: the radio group checks the pressed key when it moves the focus.
    await page.keyboard.press('ArrowRight', { delay: 100 });
    await expect(dialog.getByRole('radio', { name: 'CSV' })).toBeChecked();
    await tabTo(page, dialog.getByLabel(/^Purpose/));
    await page.keyboard.type('by keyboard');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Export finished', { exact: true })).toBeVisible({
      timeout: patient(20_000),
    });
  },
);

test.for(['light', 'dark'] as const)(
  'the export dialog is accessible in the %s theme and fits a phone',
  async (theme, { openPage }) => {
    const page = await openPage({ as: 'owner', theme, width: 390 });
    await page.goto('/events?range=30d');
    await page.getByRole('button', { name: 'Export…' }).click();
    await expect(page.getByText(/matching events/)).toBeVisible();
    await page.getByRole('radio', { name: 'CSV' }).click();
    await expectAccessible(page, { within: '[role="dialog"]' });
  },
);
