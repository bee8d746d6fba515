import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';
import { patient } from '../../testing/patience.ts';

const unique = (name: string) => `${name} ${crypto.randomUUID().slice(0, 8)}`;

test('a template can be created, found, changed, run with other options once, and deleted with undo', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  const name = unique('Month end');
  await page.goto('/exports/templates');
  await page.getByRole('button', { name: 'New template…' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New template' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Time', { exact: true }).selectOption({ label: 'Previous month (UTC)' });
  await dialog.getByRole('radio', { name: 'CSV' }).click();
  await expectAccessible(page, { within: '[role="dialog"]' });
  await dialog.getByRole('button', { name: 'Save template' }).click();
  await page.getByPlaceholder('Search templates').fill(name);
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('Time: Previous month (UTC)');
  await expect(row).toContainText('CSV');
  await row.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Edit…' }).click();
  await page.getByRole('dialog').getByLabel('Compression').selectOption('gzip');
  await page.getByRole('dialog').getByRole('button', { name: 'Save template' }).click();
  await expect(row).toContainText('CSV gzip');
  await row.getByRole('button', { name: `Run ${name}` }).click();
  await expect(page).toHaveURL(/[?&]run=[0-9a-f-]{36}/);
  await page.goBack();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.goForward();
  const run = page.getByRole('dialog', { name: `Run “${name}”` });
  await run.getByLabel('Time', { exact: true }).selectOption('7d');
  await expect(run.getByText('Last 7 days').first()).toBeVisible();
  await run.getByRole('button', { name: 'Start export' }).click();
  await expect(page.getByText('Export finished', { exact: true })).toBeVisible({
    timeout: patient(20_000),
  });
  await page.getByRole('link', { name: 'View', exact: true }).click();
  await expect(page.getByRole('dialog').getByRole('link', { name })).toBeVisible();
  await page.goto('/exports/templates');
  await page.getByPlaceholder('Search templates').fill(name);
  await row.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
  await expectAccessible(page);
  await row.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(row).toHaveCount(0);
  // Leaving the page ends the undo time.
  await page.goto('/exports');
  await expect
    .poll(async () => (await page.request.get('/api/dashboard/export-templates')).text())
    .not.toContain(name);
});

test('a template created from a job has its filters and options', async ({ openPage }) => {
  const page = await openPage({ as: 'billing' });
  const answer = await page.request.post('/api/dashboard/exports', {
    data: {
      format: 'CSV',
      compression: 'zstd',
      filters: { range: { last: '7d' }, categories: ['auth'] },
    },
  });
  const { jobId } = (await answer.json()) as { jobId: string };
  await page.goto('/exports');
  await page.goto(`/exports/templates?from=job:${jobId}`);
  const dialog = page.getByRole('dialog', { name: 'New template' });
  await expect(dialog.getByLabel('Compression')).toHaveValue('zstd');
  await expect(dialog.getByText('auth', { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page).toHaveURL(/templates$/);
});

test("a member sees their workspaces' templates and can only change their own", async ({
  openPage,
}) => {
  const owner = await openPage({ as: 'owner' });
  const me = (await (await owner.request.get('/api/me')).json()) as {
    workspaces: { id: string; name: string }[];
  };
  const names = { Production: unique('Theirs'), Staging: unique('Hidden') };
  for (const [workspace, name] of Object.entries(names)) {
    const workspaceId = me.workspaces.find((other) => other.name === workspace)?.id;
    await owner.request.post('/api/dashboard/export-templates', {
      data: { name, workspaceId, query: {}, format: 'JSONL' },
    });
  }
  const page = await openPage({ as: 'member' });
  await page.goto('/exports/templates');
  await expect(page.getByRole('row').filter({ hasText: names.Production })).toBeVisible();
  await expect(page.getByText(names.Staging)).toHaveCount(0);
  await page.getByRole('button', { name: `More for ${names.Production}` }).click();
  await expect(page.getByRole('menuitem', { name: /^Delete/ })).toContainText(
    'Members can only change their own',
  );
});

test('a template can be created from the explorer and from a saved view', async ({ openPage }) => {
  const page = await openPage({ as: 'member' });
  const me = (await (await page.request.get('/api/me')).json()) as { workspaces: { id: string }[] };
  const view = unique('Sign-ins');
  const made = await page.request.post('/api/dashboard/explorer/views', {
    data: {
      name: view,
      workspaceId: me.workspaces[0]?.id,
      query: { range: { last: '90d' }, categories: ['auth'] },
    },
  });
  expect(made.status(), await made.text()).toBe(201);
  await page.goto('/events?range=30d&category=security');
  await page.getByRole('button', { name: 'Export…' }).click();
  const about = page.getByRole('dialog');
  await about.getByRole('radio', { name: 'CSV' }).click();
  await about.getByLabel('Compression').selectOption('gzip');
  await page.getByRole('button', { name: 'Save as template…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New template' });
  await expect(dialog.getByText('security', { exact: true })).toBeVisible();
  await expect(dialog.getByLabel('Time', { exact: true })).toHaveValue('30d');
  await expect(dialog.getByRole('radio', { name: 'CSV' })).toBeChecked();
  await expect(dialog.getByLabel('Compression')).toHaveValue('gzip');
  await dialog.getByLabel('Copy filters from a saved view').selectOption({ label: view });
  await expect(dialog.getByText('auth', { exact: true })).toBeVisible();
  await expect(dialog.getByLabel('Time', { exact: true })).toHaveValue('90d');
  const name = unique('From a view');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Save template' }).click();
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('Category: auth');
});

test("a conflicting template edit is reported, and canceling shows the other user's version", async ({
  openPage,
}) => {
  const owner = await openPage({ as: 'owner' });
  const name = unique('Contested');
  const made = await owner.request.post('/api/dashboard/export-templates', {
    data: { name, query: {}, format: 'JSONL' },
  });
  const { id } = (await made.json()) as { id: string };
  await owner.goto(`/exports/templates?edit=${id}`);
  const dialog = owner.getByRole('dialog', { name: 'Edit template' });
  await dialog.getByLabel('Description').fill('mine');
  const billing = await openPage({ as: 'billing' });
  const theirs = await billing.request.patch(`/api/dashboard/export-templates/${id}`, {
    data: { description: 'theirs, from billing' },
  });
  expect(theirs.ok(), await theirs.text()).toBe(true);
  await dialog.getByRole('button', { name: 'Save template' }).click();
  await expect(dialog.getByText('Someone else edited this template')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(owner.getByRole('row').filter({ hasText: name })).toContainText(
    'theirs, from billing',
  );
});
