import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';

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
      { timeout: 20_000 },
    )
    .toBe('succeeded');
}

test('the list shows state, rows, size, requester and times, and filters by them in the address', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
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
});

test('the details: filters in words and JSON, lifecycle, digest and how to check it, the command line, who downloaded', async ({
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
  await drawer.getByText('How to check the file').click();
  await expect(drawer.getByText(/shasum -a 256 -c/)).toBeVisible();
  await expect(drawer.getByText(`npx exhibit exports download ${jobId}`)).toBeVisible();
  await expect(drawer.getByText(/^olivia@acme.example downloaded/)).toBeVisible();
  for (const step of ['Requested', 'Started', 'File expires'])
    await expect(drawer.getByText(step, { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.goto('/exports/0190c3f1-7a2e-7000-8000-5f0a9d1c2b3e');
  await expect(page.getByText('There is no such export')).toBeVisible();
});

test('Open in Explorer brings the filters back; a saved view that is gone is said', async ({
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
  await expect(page).toHaveURL(new RegExp(`/events\\?.*category=billing.*savedView=${id}`));
  await page.request.delete(`/api/dashboard/explorer/views/${id}`);
  await page.goto(`/exports/${jobId}`);
  await expect(page.getByText('The view is gone; its filters are kept above.')).toBeVisible();
  await page.getByRole('button', { name: 'Open in Explorer' }).click();
  await expect(page.getByText('The saved view is gone', { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/category=billing/);
  await expect(page).not.toHaveURL(/savedView/);
});

test('rerun makes a new job that names the old one; edit, then rerun changes it first', async ({
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
  await page.getByRole('link', { name: 'View', exact: true }).click({ timeout: 20_000 });
  await expect(page.getByText('Rerun of')).toBeVisible();
  await page.goto(`/exports/${jobId}`);
  await expect(page.getByText('Rerun as')).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: /^Edit, then rerun/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit, then rerun' });
  await dialog.getByRole('radio', { name: 'CSV' }).click();
  await expectAccessible(page, { within: '[role="dialog"]:not([data-drawer])' });
  await dialog.getByRole('button', { name: 'Start export' }).click();
  await expect(page.getByText('Export finished', { exact: true })).toBeVisible({ timeout: 20_000 });
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

test('while it runs: progress, the tab title, cancel with a question, canceling until it is so', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  // What the product shows only for moments with demo data: a job that runs, as the api would answer it.
  const jobId = await makeExport(page);
  await finished(page, jobId);
  const real = (await (await page.request.get(`/api/dashboard/exports/${jobId}`)).json()) as Record<
    string,
    unknown
  >;
  let state: Record<string, unknown> = {
    ...real,
    status: 'running',
    rowsExported: 1000,
    rowsExpected: 4000,
    bytes: null,
    sha256: null,
    finishedAt: null,
  };
  await page.route(`**/api/dashboard/exports/${jobId}`, (route) => route.fulfill({ json: state }));
  await page.route(`**/api/dashboard/exports?*`, (route) =>
    route.fulfill({ json: { data: [state], nextCursor: null } }),
  );
  await page.route(`**/api/dashboard/exports/${jobId}/cancel`, (route) => {
    state = { ...state, cancelRequestedAt: new Date().toISOString() };
    return route.fulfill({ json: state });
  });
  await page.goto('/exports');
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '25');
  await expect(page).toHaveTitle(/^25% · Exports/);
  state = { ...state, rowsExported: 2000 };
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50', {
    timeout: 2000,
  });
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Cancel…' }).click();
  await expectAccessible(page, { within: '[role="alertdialog"]' });
  await page.getByRole('button', { name: 'Cancel the export' }).click();
  await expect(page.getByText('Canceling…')).toBeVisible();
  state = { ...state, status: 'canceled', finishedAt: new Date().toISOString() };
  await expect(page.getByText('Export canceled', { exact: true })).toBeVisible();
  await expect(page).toHaveTitle('Exports · Exhibit');
});

test('each state says what is happening and what to do', async ({ openPage }) => {
  const page = await openPage({ as: 'owner' });
  const jobId = await makeExport(page);
  await finished(page, jobId);
  const real = (await (await page.request.get(`/api/dashboard/exports/${jobId}`)).json()) as Record<
    string,
    unknown
  >;
  const states = [
    [{ status: 'pending', startedAt: null, finishedAt: null }, 'Waiting for a worker'],
    [
      {
        status: 'failed',
        failureCode: 'STORE_FULL',
        failureSummary: 'The artifact store has no space left. Nothing was kept.',
        retryHint: 'Ask an operator to free space.',
      },
      'Ask an operator to free space.',
    ],
    [{ status: 'canceled' }, 'This export was canceled'],
    [{ artifactExpiresAt: '2026-01-01T00:00:00.000Z' }, 'The file has expired'],
    [{ truncated: true, limit: 5 }, /cut at its row limit/],
  ] as const;
  for (const [change, words] of states) {
    await page.route(`**/api/dashboard/exports/${jobId}`, (route) =>
      route.fulfill({ json: { ...real, ...change } }),
    );
    await page.goto(`/exports/${jobId}`);
    await expect(page.getByRole('dialog').getByText(words).first()).toBeVisible();
    await page.unroute(`**/api/dashboard/exports/${jobId}`);
  }
});

test('a member cancels only their own, sees no evidence, and the list fits a phone', async ({
  openPage,
}) => {
  const owner = await openPage({ as: 'owner' });
  const me = (await (await owner.request.get('/api/me')).json()) as {
    workspaces: { id: string; name: string }[];
  };
  const production = me.workspaces.find(({ name }) => name === 'Production')?.id;
  const jobId = await makeExport(owner, {
    filters: { range: { last: '7d' }, workspaceIds: [production] },
  });
  await finished(owner, jobId);
  const page = await openPage({ as: 'member', width: 390 });
  const real = (await (await page.request.get(`/api/dashboard/exports/${jobId}`)).json()) as Record<
    string,
    unknown
  >;
  await page.route(`**/api/dashboard/exports/${jobId}`, (route) =>
    route.fulfill({ json: { ...real, status: 'running', finishedAt: null } }),
  );
  await page.goto(`/exports/${jobId}`);
  await page.getByRole('dialog').getByRole('button', { name: 'More actions' }).click();
  await expect(page.getByRole('menuitem', { name: /^Cancel/ })).toContainText(
    'members cancel only their own',
  );
  await page.keyboard.press('Escape');
  await page.unroute(`**/api/dashboard/exports/${jobId}`);
  await page.goto('/exports');
  await expect(page.getByRole('list', { name: 'Exports' })).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test('no exports yet says what an export is', async ({ openPage }) => {
  const page = await openPage({ as: 'globex', theme: 'dark' });
  await page.goto('/exports?format=CSV&status=failed');
  await expect(page.getByRole('heading', { name: 'No exports match' })).toBeVisible();
  await page.getByRole('button', { name: 'Show all exports' }).click();
  await expect(page.getByRole('heading', { name: 'No exports yet' })).toBeVisible();
  await expectAccessible(page);
});
