import { readFile } from 'node:fs/promises';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';
import { patient } from '../../testing/patience.ts';

test('the evidence page shows requests and downloads, links to the export, keeps its filters in the address and exports CSV', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'admin' });
  const answer = await page.request.post('/api/dashboard/exports', {
    data: {
      format: 'JSONL',
      purpose: 'evidence',
      filters: { range: { last: '7d' }, categories: ['auth'] },
    },
  });
  const { jobId } = (await answer.json()) as { jobId: string };
  await expect
    .poll(async () => (await page.request.get(`/api/exports/${jobId}/download`)).status(), {
      timeout: patient(20_000),
    })
    .toBe(200);
  await page.goto('/evidence');
  const table = page.getByRole('table', { name: 'Evidence' });
  const requested = table
    .getByRole('row')
    .filter({ hasText: 'Requested an export' })
    .filter({ hasText: 'adam@acme.example' })
    .first();
  await expect(requested).toContainText('127.0.0.1');
  await expect(
    table
      .getByRole('row')
      .filter({ hasText: /^.*Completed a download [\d.]+ [kM]?B/ })
      .first(),
  ).toBeVisible();
  await expectAccessible(page);
  await requested.getByRole('button', { name: 'Requested an export' }).click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByText('auth', { exact: true })).toBeVisible();
  await expect(drawer.getByText('Production, Security, Staging')).toBeVisible();
  await expect(drawer.getByText('Last 7 days')).toHaveCount(0);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  // The actor filter lists people by email and programs by API key.
  await page.getByLabel('Actor').selectOption('Demo, whole company');
  await expect(page).toHaveURL(/user=[0-9a-f-]{36}/);
  await expect(table.getByRole('row').filter({ hasText: 'adam@acme.example' })).toHaveCount(0);
  await page.getByLabel('Time', { exact: true }).selectOption('Last day');
  await expect(page).toHaveURL(/from=/);
  await page.goto(`/evidence?jobId=${jobId}`);
  await expect(page.getByRole('button', { name: /Remove filter Export/ })).toBeVisible();
  await page.getByRole('button', { name: 'Activity' }).click();
  await page.getByPlaceholder('Search activities').fill('Completed a download');
  await page.getByRole('option', { name: /^Completed a download Downloads/ }).click();
  await page.keyboard.press('Escape');
  await expect(table.getByRole('row')).toHaveCount(2);
  const saving = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export CSV' }).click();
  expect((await saving).suggestedFilename()).toMatch(/\.csv$/);
  const csv = await readFile(await (await saving).path(), 'utf8');
  const [header = '', row = '', end] = csv.split('\r\n');
  expect(header.split(',')).toEqual(expect.arrayContaining(['jobId', 'bytes', 'ip', 'userAgent']));
  for (const shown of [jobId, 'adam@acme.example', '127.0.0.1']) expect(row).toContain(shown);
  expect(end).toBe('');
  await table.getByRole('link').first().click();
  await expect(page).toHaveURL(new RegExp(`/exports/${jobId}`));
});

test('exporting evidence with an ended session leads to the sign-in page instead of JSON', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'admin' });
  await page.goto('/evidence');
  const link = page.getByRole('link', { name: 'Export CSV' });
  await expect(link).toBeVisible();
  await page.context().clearCookies();
  await link.click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test.for(['billing', 'member'] as const)(
  '%s has no access to evidence, and the navigation does not show it',
  async (who, { openPage }) => {
    const page = await openPage({ as: who });
    await page.goto('/evidence');
    await expect(
      page.getByRole('heading', { name: 'Evidence is for owners and admins' }),
    ).toBeVisible();
    await expect(
      page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Evidence' }),
    ).toHaveCount(0);
  },
);

test('the evidence page is accessible in the dark theme and fits a phone', async ({ openPage }) => {
  const page = await openPage({ as: 'owner', theme: 'dark', width: 390 });
  await page.goto('/evidence');
  await expect(page.getByRole('heading', { name: 'Evidence' })).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
