import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';
import { signIn } from './sign-in.ts';
import { patient } from '../../testing/patience.ts';

const PASSWORD = 'long enough to be one';

const someEmail = () => `${crypto.randomUUID().slice(0, 8)}@acme.example`;

/** @returns an invitation link for a new member */
async function invitationLink({ request }: Page, email = someEmail()): Promise<string> {
  const answer = await request.post('/api/invitations', { data: { email, role: 'MEMBER' } });
  return ((await answer.json()) as { url: string }).url;
}

/** A new member, signed in on their own page. */
async function join(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
}

const unique = (name: string) => `${name} ${crypto.randomUUID().slice(0, 8)}`;

test('a new member is invited, joins by the link, gets two workspaces and another role, and is removed', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  const email = someEmail();
  await page.goto('/settings/members');
  await page.getByRole('button', { name: 'Invite…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Email').fill(email);
  await expectAccessible(page, { within: '[role="dialog"]' });
  await dialog.getByRole('button', { name: 'Create link' }).click();
  const link = (await dialog.getByText(/invitation#/).innerText()).trim();
  await expectAccessible(page, { within: '[role="dialog"]' });
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
  await expect(guest.getByRole('heading', { name: "You aren't in a workspace yet" })).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: `More for ${email}` }).click();
  await page.getByRole('menuitem', { name: 'Change role and workspaces…' }).click();
  await page.getByRole('dialog').getByLabel('Staging').click();
  await page.getByRole('dialog').getByLabel('Security').click();
  await expectAccessible(page, { within: '[role="dialog"]' });
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  const row = page.getByRole('row').filter({ hasText: email });
  await expect(row).toContainText('Staging');
  await expect(row).toContainText('Security');
  // A member of two workspaces views one at a time, can switch, and can't view both.
  await guest.goto('/events?range=30d&category=auth');
  const chip = guest.getByText('Workspace:').locator('..');
  await expect(chip).toContainText(/Staging|Security/);
  await guest.getByRole('button', { name: 'Workspace', exact: false }).first().click();
  await guest.getByRole('option', { name: 'Security' }).click();
  await expect(guest).toHaveURL(/workspace=/);
  await guest.keyboard.press('Escape');
  await expect(chip).toContainText('Security');
  await expect(chip.getByRole('button')).toHaveCount(0);
  await guest.getByRole('button', { name: 'Reset' }).click();
  await expect(guest).not.toHaveURL(/category=/);
  await expect(chip).toContainText('Security');
  // A role with more access applies directly; one with less access needs a confirmation.
  await page.getByRole('button', { name: `More for ${email}` }).click();
  await page.getByRole('menuitem', { name: 'Change role and workspaces…' }).click();
  await page.getByRole('dialog').getByLabel('Role').selectOption('ADMIN');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(row).toContainText('Admin');
  await guest.reload();
  await expect(guest.getByRole('link', { name: 'Evidence' })).toBeVisible();
  await page.getByRole('button', { name: `More for ${email}` }).click();
  await page.getByRole('menuitem', { name: 'Change role and workspaces…' }).click();
  await page.getByRole('dialog').getByLabel('Role').selectOption('BILLING');
  await page.getByRole('dialog').getByRole('button', { name: 'Save…' }).click();
  await expectAccessible(page, { within: '[role="alertdialog"]' });
  await page.getByRole('button', { name: 'Change to Billing' }).click();
  await expect(row).toContainText('Billing');
  await guest.reload();
  await expect(guest.getByRole('link', { name: 'Exports', exact: true })).toBeVisible();
  await expect(guest.getByRole('link', { name: 'Evidence' })).toHaveCount(0);
  await page.getByRole('button', { name: `More for ${email}` }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await expectAccessible(page, { within: '[role="alertdialog"]' });
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('row').filter({ hasText: email })).toHaveCount(0);
  await guest.reload();
  await expect(guest).toHaveURL(/sign-in/);
  const again = await openPage();
  await again.goto(link);
  await expect(again.getByText(/has been used, revoked or expired/)).toBeVisible();
});

test('workspaces can be created, renamed and given members', async ({ openPage }) => {
  const page = await openPage({ as: 'admin' });
  const [name, renamed] = [unique('Lab'), unique('Laboratory')];
  // A member of this test only: other tests expect Max in one workspace.
  const member = unique('Lena');
  await join(await openPage(), await invitationLink(page), member);
  await page.goto('/settings/workspaces');
  await page.getByRole('button', { name: 'New workspace…' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await expectAccessible(page, { within: '[role="dialog"]' });
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await page.getByRole('button', { name: `Rename ${name}` }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(renamed);
  await expectAccessible(page, { within: '[role="dialog"]' });
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByText(renamed, { exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: `0 members of ${renamed}` }).click();
  await page.getByRole('dialog').getByLabel(member).click();
  await expectAccessible(page, { within: '[role="dialog"]' });
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: `1 member of ${renamed}` })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: `1 member of ${renamed}` }).click();
  await page.getByRole('dialog').getByLabel(member).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: `0 members of ${renamed}` })).toBeVisible();
});

test('an API key of one workspace is shown once, works, shows its expiry and last use, and can be revoked', async ({
  openPage,
  product,
}) => {
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
  await dialog.getByLabel('Scope').selectOption('Staging');
  await dialog.getByLabel('Expires').selectOption('In 30 days');
  await expectAccessible(page, { within: '[role="dialog"]' });
  await dialog.getByRole('button', { name: 'Create key' }).click();
  const key = (await dialog.getByText(/^exh_us_/).innerText()).trim();
  await expectAccessible(page, { within: '[role="dialog"]' });
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('Staging');
  await expect(row).toContainText('events:write events:read');
  await expect(row.getByRole('cell').nth(3), 'created by').toHaveText('olivia@acme.example');
  const [lastUsed, expires] = [row.getByRole('cell').nth(4), row.getByRole('cell').nth(5)];
  await expect(lastUsed).toHaveText('never');
  await expect(expires).toContainText(/\d{4}/);
  const ask = () =>
    fetch(`${product.apiUrl}/v1/events?limit=1`, { headers: { authorization: `Bearer ${key}` } });
  const answer = await ask();
  expect(answer.status).toBe(200);
  const { data } = (await answer.json()) as { data: { workspaceId: string }[] };
  const staging = product.demo.companies[0]?.workspaces.find((one) => one.name === 'Staging');
  expect(data.map(({ workspaceId }) => workspaceId)).toEqual([staging?.id]);
  await expect(async () => {
    await page.reload();
    await expect(lastUsed).not.toHaveText('never', { timeout: patient(1000) });
  }).toPass();
  await expect(page.getByText(key)).toHaveCount(0);
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  await expectAccessible(page, { within: '[role="alertdialog"]' });
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('Revoked');
  await expect.poll(async () => (await ask()).status).toBe(401);
});

test('sessions are listed and can be ended, the password can be changed, and theme and time zone are kept', async ({
  openPage,
  product,
}) => {
  // A member of this test only, because it ends sessions.
  const email = someEmail();
  const page = await openPage();
  await join(page, await invitationLink(await openPage({ as: 'owner' }), email), 'Sven Sessions');
  const other = await openPage();
  const { cookies } = await signIn(product.url, { email, password: PASSWORD });
  await other.context().addCookies(cookies);
  await page.goto('/settings');
  await expect(page.getByText('This device')).toBeVisible();
  await page.getByRole('radio', { name: 'Dark' }).click();
  await page.getByRole('radio', { name: 'Local' }).click();
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByText('Europe/Berlin')).toBeVisible();
  await page.getByRole('button', { name: /^Sign out the session on/ }).click();
  await expect(page.getByRole('button', { name: /^Sign out the session on/ })).toHaveCount(0);
  await other.goto('/settings');
  await expect(other).toHaveURL(/sign-in/);
  const changed = 'another that is long enough';
  await page.getByLabel('Current password').fill('not this one');
  await page.getByLabel('New password').fill(changed);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByLabel('Current password')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Current password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Password changed', { exact: true })).toBeVisible();
  await expect(signIn(product.url, { email, password: PASSWORD })).rejects.toThrow('401');
  await signIn(product.url, { email, password: changed });
});

test('the link of a revoked invitation no longer works', async ({ openPage }) => {
  const page = await openPage({ as: 'admin' });
  const email = someEmail();
  const link = await invitationLink(page, email);
  await page.goto('/settings/members');
  await page.getByRole('button', { name: `Revoke the invitation for ${email}` }).click();
  await expectAccessible(page, { within: '[role="alertdialog"]' });
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke invitation' }).click();
  await expect(page.getByText(`Invitation for ${email} revoked`, { exact: true })).toBeVisible();
  await expect(page.getByText(email, { exact: true })).toHaveCount(0);
  const guest = await openPage();
  await guest.goto(link);
  await expect(guest.getByText(/has been used, revoked or expired/)).toBeVisible();
});

test.for(['member', 'billing'] as const)(
  '%s has a profile page and no administration pages',
  async (who, { openPage }) => {
    const page = await openPage({ as: who });
    await page.goto('/settings/members');
    await expect(page.getByRole('heading', { name: 'Owners and admins only' })).toBeVisible();
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

test('an unknown settings address shows "not found" within the page, which has one main element', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/settings/nonsense');
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  await expect(page.locator('main')).toHaveCount(1);
  await page.goto('/settings/members');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
});
