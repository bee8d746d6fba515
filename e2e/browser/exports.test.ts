import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';
import { patient } from '../../testing/patience.ts';

interface Job {
  readonly jobId: string;
}

async function makeExport(page: Page, body: object = {}): Promise<string> {
  const answer = await page.request.post('/api/dashboard/exports', {
    data: { format: 'JSONL', filters: { range: { last: '30d' } }, ...body },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return ((await answer.json()) as Job).jobId;
}

async function finished(page: Page, jobId: string): Promise<void> {
  await expect
    .poll(
      async () =>
        (
          (await (await page.request.get(`/api/dashboard/exports/${jobId}`)).json()) as {
            status: string;
          }
        ).status,
      { timeout: patient(20_000) },
    )
    .toBe('succeeded');
}

test('the exports list shows state, rows, size, requester and times, and keeps its filters in the address', async ({
  openPage,
  product,
}) => {
  const page = await openPage({ as: 'owner' });
  const production = product.demo.companies[0]?.workspaces[0]?.id;
  const inProduction = await makeExport(page, {
    limit: 1,
    filters: { workspaceIds: [production] },
  });
  const jobId = await makeExport(page, { format: 'CSV', compression: 'gzip' });
  await finished(page, jobId);
  await page.goto('/exports');
  const table = page.getByRole('table', { name: 'Exports' });
  const row = table.getByRole('row').filter({ hasText: 'CSV gzip' }).first();
  await expect(row).toContainText('Succeeded');
  await expect(row).toContainText('olivia@acme.example');
  await expect(row.getByRole('link', { name: 'Download' })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Format').selectOption('JSONL');
  await expect(page).toHaveURL(/format=JSONL/);
  await expect(table.getByRole('row').filter({ hasText: 'CSV gzip' })).toHaveCount(0);
  await page.goBack();
  await page.getByRole('button', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Failed' }).click();
  await expect(page).toHaveURL(/status=failed/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByLabel('Requester').selectOption('Me');
  await expect(page).toHaveURL(/requestedBy=/);
  await expect(row).toBeVisible();
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByLabel('Workspace').selectOption('Production');
  await expect(page).toHaveURL(/workspace=/);
  const ofProduction = table.locator(`a[href*="${inProduction}"]`).first();
  await expect(ofProduction).toBeVisible();
  await page.getByLabel('Workspace').selectOption('Staging');
  await expect(ofProduction).toHaveCount(0);
});

test('the export details show filters, timeline, digests, the verify and download commands, and the downloads', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  const jobId = await makeExport(page, {
    purpose: 'Details test',
    filters: { range: { last: '30d' }, categories: ['auth'] },
  });
  await finished(page, jobId);
  await page.request.get(`/api/exports/${jobId}/download`);
  await page.goto(`/exports/${jobId}`);
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByText('Details test')).toBeVisible();
  await expect(drawer.getByText(/^Complete: [\d,]+ rows/)).toBeVisible();
  await expect(drawer.getByText('auth', { exact: true })).toBeVisible();
  await drawer.getByText('As JSON').click();
  await expect(drawer.getByText('"categories"')).toBeVisible();
  await drawer.getByRole('button', { name: 'Copy SHA-256' }).click();
  const job = await page.request.get(`/api/dashboard/exports/${jobId}`);
  expect(await job.json()).toMatchObject({
    sha256: await page.evaluate(() => navigator.clipboard.readText()),
  });
  await drawer.getByText('Verify the file').click();
  await expect(drawer.getByText(/shasum -a 256 -c/)).toBeVisible();
  await expect(drawer.getByText(`npx exhibit exports download ${jobId}`)).toBeVisible();
  await expect(drawer.getByText('Downloads', { exact: true })).toBeVisible();
  await expect(drawer.getByText(/^olivia@acme.example downloaded/)).toBeVisible();
  for (const step of ['Requested', 'Started', 'File expires'])
    await expect(drawer.getByText(step, { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.goto('/exports/0190c3f1-7a2e-7000-8000-5f0a9d1c2b3e');
  await expect(page.getByText('Export not found')).toBeVisible();
});

test('Open in Explorer restores the filters and reports a deleted saved view', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  const made = await page.request.post('/api/dashboard/explorer/views', {
    data: {
      name: `Gone ${crypto.randomUUID().slice(0, 8)}`,
      query: { categories: ['billing'], range: { last: '30d' } },
    },
  });
  const { id } = (await made.json()) as { id: string };
  const jobId = await makeExport(page, { savedExplorerViewId: id, filters: {} });
  await finished(page, jobId);
  await page.goto(`/exports/${jobId}`);
  await page.getByRole('button', { name: 'Open in Explorer' }).click();
  await expect(page).toHaveURL(new RegExp(`/events\\?(?=.*category=billing).*savedView=${id}`));
  await page.request.delete(`/api/dashboard/explorer/views/${id}`);
  await page.goto(`/exports/${jobId}`);
  await expect(page.getByText('The view was deleted. Its filters are kept above.')).toBeVisible();
  await page.getByRole('button', { name: 'Open in Explorer' }).click();
  await expect(page.getByText('The saved view was deleted', { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/category=billing/);
  await expect(page).not.toHaveURL(/savedView/);
});

test('Rerun creates a new job that references the old one, and Edit and rerun changes the options first', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  const jobId = await makeExport(page, {
    filters: { range: { last: '7d' }, categories: ['auth'] },
  });
  await finished(page, jobId);
  await page.goto(`/exports/${jobId}`);
  await page.getByRole('dialog').getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Rerun', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Rerun' }).click();
  await page.getByRole('link', { name: 'View', exact: true }).click({ timeout: patient(20_000) });
  await expect(page.getByText('Rerun of')).toBeVisible();
  await page.goto(`/exports/${jobId}`);
  await expect(page.getByText('Rerun as')).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: /^Edit and rerun/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit and rerun' });
  await dialog.getByRole('radio', { name: 'CSV' }).click();
  await expectAccessible(page, { within: '[role="dialog"]:not([data-drawer])' });
  await dialog.getByRole('button', { name: 'Start export' }).click();
  await expect(page.getByText('Export finished', { exact: true })).toBeVisible({
    timeout: patient(20_000),
  });
  await page.getByRole('link', { name: 'View', exact: true }).click();
  await expect(page.getByRole('dialog').getByText(/^CSV/).first()).toBeVisible();
});

test('a second rerun of the same job is a second job', async ({ openPage }) => {
  const page = await openPage({ as: 'owner' });
  const jobId = await makeExport(page, { filters: { range: { last: '1d' } } });
  await finished(page, jobId);
  await page.goto(`/exports/${jobId}`);
  for (const count of [1, 2]) {
    await page.getByRole('dialog').getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Rerun', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Rerun' }).click();
    await expect(page.getByRole('alertdialog')).toHaveCount(0);
    await expect
      .poll(async () => {
        const list = (await (await page.request.get('/api/dashboard/exports?limit=50')).json()) as {
          data: { rerunOf: string | null }[];
        };
        return list.data.filter(({ rerunOf }) => rerunOf === jobId).length;
      })
      .toBe(count);
  }
});

test.for(['light', 'dark'] as const)(
  'the exports list, details and menus are accessible in the %s theme, the dark one also on a phone',
  async (theme, { openPage }) => {
    const page = await openPage({ as: 'billing', theme });
    const jobId = await makeExport(page, { format: 'CSV', limit: 5, purpose: 'a11y' });
    await finished(page, jobId);
    await page.goto(`/exports/${jobId}`);
    const drawer = page.getByRole('dialog', { name: /^Export/ });
    await expect(drawer.getByText('Truncated at 5 rows (row limit)')).toBeVisible();
    // Only owners and admins see the downloads.
    await expect(drawer.getByText('Timeline')).toBeVisible();
    await expect(drawer.getByText('Downloads', { exact: true })).toHaveCount(0);
    await drawer.getByText('Verify the file').click();
    await expectAccessible(page);
    await drawer.getByRole('button', { name: 'More actions' }).click();
    await expectAccessible(page, { within: '[role="menu"]' });
    await page.keyboard.press('Escape');
    // One theme on a phone is enough, because the width does not change colors.
    if (theme === 'light') return;
    // Create an export first: a member may not see any yet.
    const phone = await openPage({ as: 'billing', theme, width: 390 });
    await phone.goto('/exports');
    await expect(phone.getByRole('list', { name: 'Exports' })).toBeVisible();
    await expectAccessible(phone);
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  },
);

test('the exports list works by keyboard: j and k move, Enter opens, j shows the next in the drawer, Escape closes', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  for (const format of ['CSV', 'JSONL'])
    await finished(page, await makeExport(page, { format, limit: 3 }));
  await page.goto('/exports');
  const rows = page
    .getByRole('table', { name: 'Exports' })
    .getByRole('link', { name: /View export/ });
  await expect(rows.nth(1)).toBeVisible();
  await page.keyboard.press('j');
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('j');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: /^Export/ })).toBeVisible();
  const opened = page.url();
  await page.keyboard.press('k');
  await expect(page).not.toHaveURL(opened);
  await page.keyboard.press('j');
  await expect(page).toHaveURL(opened);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/exports$/);
  // The focus is back on the row, so the next key continues from there.
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('k');
  await expect(rows.nth(0)).toBeFocused();
  const more = page.getByRole('button', { name: /^More for|^More actions/ }).first();
  await more.press('Enter');
  await page.getByRole('menuitem', { name: 'Rerun', exact: true }).press('Enter');
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(more).toBeFocused();
  await page.keyboard.press('e');
  await expect(page.getByRole('dialog', { name: 'New export' })).toBeVisible();
});

test('exports can be filtered by API key and by person, for every role that sees them', async ({
  openPage,
  product,
}) => {
  const [acme] = product.demo.companies;
  const answer = await fetch(`${product.apiUrl}/v1/exports`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${acme?.apiKeys.company}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ format: 'CSV', limit: 7 }),
  });
  expect(answer.status).toBe(201);
  const page = await openPage({ as: 'admin' });
  await page.goto('/exports');
  await page.getByLabel('Requester').selectOption('Demo, whole company');
  const table = page.getByRole('table', { name: 'Exports' });
  await expect(table.getByRole('row').filter({ hasText: '@acme.example' })).toHaveCount(0);
  await expect(
    table.getByRole('row').filter({ hasText: 'Demo, whole company' }).first(),
  ).toBeVisible();
  const billing = await openPage({ as: 'billing' });
  await billing.goto('/exports');
  await billing.getByLabel('Requester').selectOption('Demo, whole company');
  await expect(billing).toHaveURL(/requestedBy=/);
});

test('the exports list pages to older exports and back to the newest', async ({ openPage }) => {
  const page = await openPage({ as: 'admin' });
  const list = (await (await page.request.get('/api/dashboard/exports?limit=200')).json()) as {
    data: unknown[];
  };
  // Canceled immediately, so that the 51 jobs don't occupy the worker.
  for (let count = list.data.length; count <= 51; count++) {
    const jobId = await makeExport(page, { limit: 1, filters: { actions: ['paging'] } });
    await page.request.post(`/api/dashboard/exports/${jobId}/cancel`);
  }
  await page.goto('/exports');
  await page.getByRole('button', { name: 'Older' }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(page.getByRole('table', { name: 'Exports' }).getByRole('row').nth(1)).toBeVisible();
  await page.getByRole('button', { name: 'Newest' }).click();
  await expect(page).toHaveURL(/\/exports$/);
});

test('the empty exports list explains exports', async ({ openPage }) => {
  const page = await openPage({ as: 'globex', theme: 'dark' });
  await page.goto('/exports?format=CSV&status=failed');
  await expect(page.getByRole('heading', { name: 'No exports match' })).toBeVisible();
  await page.getByRole('button', { name: 'Show all exports' }).click();
  await expect(page.getByRole('heading', { name: 'No exports yet' })).toBeVisible();
  await expectAccessible(page);
});
