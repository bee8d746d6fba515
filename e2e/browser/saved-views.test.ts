import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';

const unique = (name: string) => `${name} ${crypto.randomUUID().slice(0, 8)}`;

test('a view can be saved, opened, modified, updated, saved under another name and deleted with undo', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  const name = unique('Failures');
  await page.goto('/events?range=30d&category=auth');
  await page.getByRole('button', { name: 'Save view' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save view' });
  await expect(dialog.getByText('auth')).toBeVisible();
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel(/^Description/).fill('Failed sign-ins');
  await expectAccessible(page, { within: '[role="dialog"]' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(/savedView=[0-9a-f-]{36}/);
  const menu = page.getByRole('button', { name });
  await expect(menu).toBeVisible();
  await page.getByRole('button', { name: 'Remove filter Category: auth' }).click();
  await expect(page.getByText('modified')).toBeVisible();
  await page.getByRole('button', { name: 'Update view' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('modified')).toHaveCount(0);
  const before = page.url();
  await page.getByRole('button', { name: 'Save as…' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(`Another ${name}`);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: `Another ${name}` })).toBeVisible();
  expect(page.url()).not.toBe(before);
  await page.goto('/events');
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByPlaceholder('Search saved views').fill(name);
  await page.getByRole('button', { name: new RegExp(`^${name} `) }).click();
  await expect(page).toHaveURL(/range=30d.*savedView=|savedView=.*range=30d/);
  await menu.click();
  await page.getByPlaceholder('Search saved views').fill(name);
  await page.getByRole('button', { name: `Delete ${name}` }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: `Delete ${name}` })).toBeVisible();
  await page.getByRole('button', { name: `Delete ${name}` }).click();
  await expect(page.getByRole('button', { name: `Delete ${name}` })).toHaveCount(0);
  await page.goto('/events');
  await expect
    .poll(async () =>
      JSON.stringify(await (await page.request.get('/api/dashboard/explorer/views')).json()),
    )
    .not.toContain(`"name":"${name}"`);
});

test('signing out during the undo time deletes the view', async ({ openPage }) => {
  const page = await openPage({ as: 'owner', ownSession: true });
  const name = unique('Goodbye');
  const made = await page.request.post('/api/dashboard/explorer/views', {
    data: { name, query: { range: { last: '24h' } } },
  });
  const { id } = (await made.json()) as { id: string };
  await page.goto(`/events?savedView=${id}`);
  // The address contains the view's filters even if they are defaults, so that a change can be linked.
  await expect(page).toHaveURL(/range=24h/);
  await page.getByRole('button', { name }).click();
  await page.getByPlaceholder('Search saved views').fill(name);
  await page.getByRole('button', { name: `Delete ${name}` }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/sign-in/);
  const other = await openPage({ as: 'owner' });
  expect((await other.request.get(`/api/dashboard/explorer/views/${id}`)).status()).toBe(404);
});

test('if two users edit a view, the second one sees the conflict and decides', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  const name = unique('Conflict');
  const made = await page.request.post('/api/dashboard/explorer/views', {
    data: { name, query: { range: { last: '7d' } } },
  });
  const { id } = (await made.json()) as { id: string };
  await page.goto(`/events?range=7d&savedView=${id}`);
  await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: `Edit ${name}` }).click();
  await page.request.patch(`/api/dashboard/explorer/views/${id}`, {
    data: { description: 'Theirs' },
  });
  await page
    .getByRole('dialog')
    .getByLabel(/^Description/)
    .fill('Mine');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Someone else edited this view')).toBeVisible();
  await page.getByRole('button', { name: 'Load their version' }).click();
  const description = page.getByRole('dialog').getByLabel(/^Description/);
  await expect(description).toHaveValue('Theirs');
  await page.request.patch(`/api/dashboard/explorer/views/${id}`, {
    data: { description: 'Theirs again' },
  });
  await description.fill('Mine');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Overwrite their version' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const stored = (await (await page.request.get(`/api/dashboard/explorer/views/${id}`)).json()) as {
    description: string;
  };
  expect(stored.description).toBe('Mine');
});

test('a default view opens automatically once, and a deleted view shows a notice', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'billing' });
  const name = unique('Mine');
  const made = await page.request.post('/api/dashboard/explorer/views', {
    data: { name, isDefault: true, query: { range: { last: '90d' }, categories: ['billing'] } },
  });
  const { id } = (await made.json()) as { id: string };
  await page.goto('/events');
  await expect(page).toHaveURL(/category=billing/);
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(page).not.toHaveURL(/category=/);
  await page.goto(`/events?savedView=${id}`);
  await expect(page).toHaveURL(/category=billing/);
  await page.request.delete(`/api/dashboard/explorer/views/${id}`);
  await page.goto(`/events?range=7d&savedView=${id}`);
  await page.getByRole('button', { name: 'Saved views' }).click();
  await expect(page.getByText(/was deleted, or you don't have access to it/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Time range: Last 7 days' })).toBeVisible();
});

test("a member saves views in their workspace and can't change others' views; views are listed as own, workspace, company", async ({
  openPage,
}) => {
  const owner = await openPage({ as: 'owner' });
  const name = unique('Company-wide');
  const own = unique('Members own');
  const me = (await (await owner.request.get('/api/me')).json()) as {
    workspaces: { id: string; name: string }[];
  };
  const production = me.workspaces.find((workspace) => workspace.name === 'Production');
  await owner.request.post('/api/dashboard/explorer/views', {
    data: { name, workspaceId: production?.id, query: {} },
  });
  const everybodys = unique('Everybodys');
  await owner.request.post('/api/dashboard/explorer/views', {
    data: { name: everybodys, query: {} },
  });
  const page = await openPage({ as: 'member' });
  await page.goto('/events?range=7d');
  await page.getByRole('button', { name: 'Save view' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Visible to').getByRole('option')).toHaveText(['Production']);
  await dialog.getByLabel('Name').fill(own);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: own }).click();
  await expect(page.getByRole('button', { name: `Delete ${own}` })).not.toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await expect(page.getByRole('button', { name: `Delete ${name}` })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  const group = (title: string) => page.getByRole('region', { name: title, exact: true });
  await expect(group('Mine')).toContainText(own);
  await expect(group('Workspaces')).toContainText(name);
  await expect(page.getByText(everybodys)).toHaveCount(0);
  await owner.goto('/events?range=7d');
  await owner.getByRole('button', { name: 'Saved views' }).click();
  await expect(owner.getByRole('region', { name: 'Workspaces', exact: true })).toContainText(own);
  await expect(owner.getByRole('region', { name: 'Mine', exact: true })).toContainText(everybodys);
  const billing = await openPage({ as: 'billing' });
  await billing.goto('/events?range=7d');
  await billing.getByRole('button', { name: 'Saved views' }).click();
  await expect(billing.getByRole('region', { name: 'Company', exact: true })).toContainText(
    everybodys,
  );
});
