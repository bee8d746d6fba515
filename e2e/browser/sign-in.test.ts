import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';

test.for(['light', 'dark'] as const)(
  'signing in reports a wrong password and opens the requested page with the right one in the %s theme',
  async (theme, { openPage }) => {
    const page = await openPage({ theme });
    await page.goto('/exports?format=CSV');
    await expect(page).toHaveURL(/\/sign-in\?next=%2Fexports%3Fformat%3DCSV/);
    await expectAccessible(page);
    await page.getByLabel('Email').fill('bella@acme.example');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toContainText('Incorrect email or password.');
    await page.getByLabel('Password').fill('exhibit-demo-2026');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/exports\?format=CSV/);
    await page.getByRole('button', { name: /^Account of/ }).click();
    await expect(page.getByText('Billing · Acme · region us')).toBeVisible();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(/\/sign-in$/);
    await page.goto('/events');
    await expect(page).toHaveURL(/\/sign-in\?next=/);
  },
);

test('the sign-in page only redirects to pages of this app', async ({ openPage }) => {
  const page = await openPage();
  await page.goto('/sign-in?next=https://elsewhere.example/');
  await page.getByLabel('Email').fill('bella@acme.example');
  await page.getByLabel('Password').fill('exhibit-demo-2026');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
});

test('a session that ends while a page is open leads to the sign-in page and back', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner', ownSession: true });
  await page.goto('/exports');
  await expect(page.getByRole('heading', { name: 'Exports', level: 1 })).toBeVisible();
  await page.context().clearCookies();
  await page.getByLabel('Format').selectOption('CSV');
  await expect(page.getByText('Your session has ended', { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fexports/);
});

test('the sign-in page opens even if the user changes a filter while the session ends', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner', ownSession: true });
  await page.goto('/exports');
  await expect(page.getByRole('heading', { name: 'Exports', level: 1 })).toBeVisible();
  const changed = Promise.withResolvers<void>();
  await page.route('**/assets/sign-in-page-*.js', async (route) => {
    await changed.promise;
    await route.continue();
  });
  await page.context().clearCookies();
  await page.getByLabel('Format').selectOption('CSV');
  await expect(page.getByText('Your session has ended', { exact: true })).toBeVisible();
  await page.getByLabel('Format').selectOption('JSONL');
  changed.resolve();
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fexports/);
});

test('the home page shows the last week, recent exports and links; an unknown address shows "not found"', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/');
  await expect(page.getByRole('img', { name: /^Events over the last 7 days/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'View events' }).click();
  await expect(page).toHaveURL(/ref=dashboard/);
  await page.getByRole('link', { name: 'Back to Home' }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('x');
  await expect(page).toHaveURL(/\/exports$/);
  await page.goto('/no/such/page');
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
});

test('an unreachable server shows a connection error instead of the page, with a retry', async ({
  openPage,
}) => {
  const page = await openPage({
    as: 'owner',
    expectedProblems: [/ERR_FAILED/, /ApiProblem: Exhibit did not respond/],
  });
  await page.route('**/api/me', (route) => route.abort());
  await page.goto('/events');
  await expect(page.getByRole('heading', { level: 1, name: "Can't reach Exhibit" })).toBeVisible();
  await expectAccessible(page);
  await page.unroute('**/api/me');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Events', exact: true })).toBeVisible();
});
