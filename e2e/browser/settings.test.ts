import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';

/** @returns the link a new member joins by */
async function invitationLink({ request }: Page): Promise<string> {
  const email = `${crypto.randomUUID().slice(0, 8)}@acme.example`;
  const answer = await request.post('/api/invitations', { data: { email, role: 'MEMBER' } });
  return ((await answer.json()) as { url: string }).url;
}

const unique = (name: string) => `${name} ${crypto.randomUUID().slice(0, 8)}`;

test('somebody is invited, joins by the link, gets a workspace, and is removed', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  const email = `${crypto.randomUUID().slice(0, 8)}@acme.example`;
  await page.goto('/settings/members');
  await page.getByRole('button', { name: 'Invite…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Email').fill(email);
  await expectAccessible(page, { within: '[role="dialog"]' });
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const link = (await dialog.getByText(/invitation#/).innerText()).trim();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText(email)).toBeVisible();
  const guest = await openPage();
  await guest.goto(link);
  await expect(guest.getByRole('heading', { name: 'Join Acme' })).toBeVisible();
  await expectAccessible(guest);
  await guest.getByLabel('Your name').fill('Nadia New');
  await guest.getByLabel('Password').fill('short');
  await guest.getByRole('button', { name: 'Join' }).click();
  await expect(guest.getByLabel('Password')).toHaveAttribute('aria-invalid', 'true');
  await guest.getByLabel('Password').fill('long enough to be one');
  await guest.getByRole('button', { name: 'Join' }).click();
  await expect(guest.getByRole('heading', { name: 'Home' })).toBeVisible();
  await guest.goto('/events');
  await expect(
    guest.getByRole('heading', { name: 'You belong to no workspace yet' }),
  ).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: `More for ${email}` }).click();
  await page.getByRole('menuitem', { name: 'Role and workspaces…' }).click();
  await page.getByRole('dialog').getByLabel('Staging').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('row').filter({ hasText: email })).toContainText('Staging');
  await guest.reload();
  await expect(guest.getByText('Workspace:').locator('..')).toContainText('Staging');
  await page.getByRole('button', { name: `More for ${email}` }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('row').filter({ hasText: email })).toHaveCount(0);
  await guest.reload();
  await expect(guest).toHaveURL(/sign-in/);
  const again = await openPage();
  await again.goto(link);
  await expect(again.getByText(/was used, has expired or was taken back/)).toBeVisible();
});

test('workspaces are made, renamed and given members', async ({ openPage }) => {
  const page = await openPage({ as: 'admin' });
  const [name, renamed] = [unique('Lab'), unique('Laboratory')];
  // Somebody of this test's own: the others know Max as the member of one workspace.
  const member = unique('Lena');
  const guest = await openPage();
  await guest.goto(await invitationLink(page));
  await guest.getByLabel('Your name').fill(member);
  await guest.getByLabel('Password').fill('long enough to be one');
  await guest.getByRole('button', { name: 'Join' }).click();
  await expect(guest.getByRole('heading', { name: 'Home' })).toBeVisible();
  await page.goto('/settings/workspaces');
  await page.getByRole('button', { name: 'New workspace…' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await page.getByRole('button', { name: `Rename ${name}` }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(renamed);
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByText(renamed, { exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: `0 members of ${renamed}` }).click();
  await page.getByRole('dialog').getByLabel(member).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: `1 member of ${renamed}` })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: `1 member of ${renamed}` }).click();
  await page.getByRole('dialog').getByLabel(member).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: `0 members of ${renamed}` })).toBeVisible();
});

test('an API key is shown once, works, and is revoked', async ({ openPage, product }) => {
  const page = await openPage({ as: 'owner', theme: 'dark' });
  const name = unique('CI');
  await page.goto('/settings/api-keys');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'New key…' }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Create key' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('List events').click();
  await expectAccessible(page, { within: '[role="dialog"]' });
  await dialog.getByRole('button', { name: 'Create key' }).click();
  const key = (await dialog.getByText(/^exh_us_/).innerText()).trim();
  await dialog.getByRole('button', { name: 'I have stored it' }).click();
  const ask = () =>
    fetch(`${product.apiUrl}/v1/events?limit=1`, { headers: { authorization: `Bearer ${key}` } });
  expect((await ask()).status).toBe(200);
  await expect(page.getByText(key)).toHaveCount(0);
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('Revoked');
  await expect.poll(async () => (await ask()).status).toBe(401);
});

test('sessions are listed and ended; theme and clock are kept', async ({ openPage }) => {
  const page = await openPage({ as: 'billing', ownSession: true });
  const other = await openPage({ as: 'billing', ownSession: true });
  await page.goto('/settings');
  await expect(page.getByText('This one')).toBeVisible();
  await page.getByRole('radio', { name: 'Dark' }).click();
  await page.getByRole('radio', { name: 'Local' }).click();
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByText('Europe/Berlin')).toBeVisible();
  const sessions = (await (await other.request.get('/api/auth/sessions')).json()) as {
    data: { id: string; current: boolean }[];
  };
  const id = sessions.data.find(({ current }) => current)?.id;
  expect((await page.request.delete(`/api/auth/sessions/${id}`)).status()).toBe(204);
  await other.goto('/settings');
  await expect(other).toHaveURL(/sign-in/);
});

test.for(['member', 'billing'] as const)(
  '%s has a profile and nothing to administer',
  async (who, { openPage }) => {
    const page = await openPage({ as: who });
    await page.goto('/settings/members');
    await expect(
      page.getByRole('heading', { name: 'This is for owners and admins' }),
    ).toBeVisible();
    await page.goto('/settings');
    await expect(page.getByRole('navigation', { name: 'Settings' }).getByRole('link')).toHaveText([
      'Profile',
    ]);
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(keys.getByText('Settings', { exact: true })).toBeVisible();
    await expect(keys.getByText('Evidence', { exact: true })).toHaveCount(0);
  },
);

test('an address of settings that does not exist says so within the page, which has one main part', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/settings/nonsense');
  await expect(
    page.getByRole('heading', { name: 'There is nothing at this address' }),
  ).toBeVisible();
  await expect(page.locator('main')).toHaveCount(1);
  await page.goto('/settings/members');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
});
