import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';

const rows = (page: Page) => page.getByRole('region', { name: 'Events' }).getByRole('row');
const total = (page: Page) => page.getByText(/of [\d,]+\+?$/);
/** Parses the explorer's total: `1–50 of 1,234` → 1234. */
async function totalOf(page: Page): Promise<number> {
  await expect(total(page)).toBeVisible();
  return Number(/of ([\d,]+)/.exec(await total(page).innerText())?.[1]?.replaceAll(',', ''));
}

test('the explorer lists events newest first, with the total, a histogram and paging', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events?range=90d');
  const count = await totalOf(page);
  expect(count).toBeGreaterThan(100);
  await expect(page.getByRole('img', { name: /^Volume over time: [\d,]+ events/ })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: /Time \(UTC\)/ })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(page.getByText(`51–100 of ${count.toLocaleString('en')}`)).toBeVisible();
  await page.goBack();
  await expect(page.getByText(`1–50 of ${count.toLocaleString('en')}`)).toBeVisible();
  await page.getByRole('button', { name: /Time \(UTC\)/ }).click();
  await expect(page).toHaveURL(/order=asc/);
  await expect(page.getByRole('columnheader', { name: /Time \(UTC\)/ })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
  const sizes = page.getByLabel('Events per page');
  await expect(sizes.getByRole('option')).toHaveText(['10', '25', '50', '100', '200']);
  await sizes.selectOption('10');
  await expect(page.getByText(/^1–10 of/)).toBeVisible();
  await sizes.selectOption('200');
  await expect(page).toHaveURL(/pageSize=200/);
  // Of 200 rows, only those near the viewport are in the document.
  await expect(page.getByText(/^1–200 of/)).toBeVisible();
  expect(await rows(page).count()).toBeLessThan(80);
});

test('a malformed address opens with defaults instead of failing', async ({ openPage }) => {
  const page = await openPage({ as: 'owner' });
  await page.goto(
    '/events?range=banana&page=-3&pageSize=7&from=yesterday&order=up&savedView=x&event=1',
  );
  await expect(page.getByRole('button', { name: 'Time range: Last 24 hours' })).toBeVisible();
  await expect(page.getByLabel('Events per page')).toHaveValue('50');
  await page.goto(
    '/events?range=90d&workspace=nonsense&from=1900-01-01T00:00:00Z&metadata=[{"path":"a..b"}]',
  );
  await expect(page.getByRole('button', { name: 'Time range: Last 90 days' })).toBeVisible();
  await expect.poll(() => totalOf(page)).toBeGreaterThan(0);
});

test('a browser with an invalid language tag, as in the POSIX locale, shows events and their volume', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix' });
  });
  await page.goto('/events?range=90d');
  await expect(rows(page).first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Volume' }).locator('canvas')).toBeVisible();
});

test("an address beyond the last page, or with another list's cursor, offers the first page", async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner', expectedProblems: [/answer: 400 GET .*events/] });
  for (const address of ['/events?range=90d&page=9999', '/events?range=90d&cursor=nonsense']) {
    await page.goto(address);
    await expect(page.getByRole('button', { name: 'Go to first page' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Go to first page' }).click();
    await expect(rows(page).first()).toBeVisible();
    await expect(page).toHaveURL(/\/events\?range=90d$/);
  }
});

test.for(['owner', 'member'] as const)(
  'as %s, clicking a value filters by it, its chip removes the filter, and Back undoes that',
  async (as, { openPage }) => {
    const page = await openPage({ as });
    await page.goto('/events?range=90d');
    const all = await totalOf(page);
    await rows(page).getByRole('button', { name: 'auth', exact: true }).first().click();
    await expect(page).toHaveURL(/category=auth/);
    await expect.poll(() => totalOf(page)).toBeLessThan(all);
    await page.getByRole('button', { name: 'Remove filter Category: auth' }).click();
    await expect.poll(() => totalOf(page)).toBe(all);
    await page.goBack();
    await expect(page.getByRole('button', { name: 'Remove filter Category: auth' })).toBeVisible();
  },
);

test('the event details copy the ID, redact secrets, move to the previous and next event, close on Escape and have their own address', async ({
  openPage,
  product,
}) => {
  const page = await openPage({ as: 'owner' });
  const company = product.demo.companies[0];
  const sent = await page.request.post(`${product.apiUrl}/v1/events`, {
    headers: {
      authorization: `Bearer ${company?.apiKeys.company}`,
      'content-type': 'application/json',
    },
    data: `{"workspaceId":"${company?.workspaces[0]?.id}","category":"e2e","action":"drawer.opened","traceId":"trace-e2e","metadata":{"big":9007199254740993,"apiKey":"do-not-show","deep":{"list":[1,2]},"hash":"abc"}}`,
  });
  const { id } = (await sent.json()) as { id: string };
  await page.goto('/events?category=e2e&action=drawer.opened');
  await page
    .getByRole('button', { name: /^Open drawer.opened/ })
    .first()
    .click();
  const drawer = page.getByRole('dialog', { name: 'drawer.opened' });
  await expect(drawer.getByText(id)).toBeVisible();
  await expect(drawer.getByText('9007199254740993')).toBeVisible();
  await expect(drawer.getByText('do-not-show')).toHaveCount(0);
  await expect(drawer.getByText('redacted', { exact: true })).toBeVisible();
  await expect(drawer.getByText('Integrity hints')).toBeVisible();
  await drawer.getByRole('button', { name: 'Copy ID' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(id);
  await drawer.getByRole('button', { name: 'Copy JSON' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
    '"big": 9007199254740993',
  );
  await drawer.getByRole('button', { name: 'deep' }).click();
  await expect(drawer.getByText('list')).toHaveCount(0);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  await page.goto(`/events?event=${id}&range=15m&category=auth`);
  await expect(drawer).toBeVisible();
  // The event is not on this page, so it has no previous or next event.
  for (const name of ['Previous event', 'Next event'])
    await expect(drawer.getByRole('button', { name })).toHaveAttribute('aria-disabled', 'true');
  await drawer.getByRole('button', { name: 'trace-e2e' }).click();
  await expect(page.getByText('Trace ID:')).toBeVisible();
  await expect(page).toHaveURL(/trace=trace-e2e/);
  await page.goto('/events?event=0190c3f1-7a2e-7000-8000-5f0a9d1c2b3e');
  await expect(page.getByText('Event not found')).toBeVisible();
});

test('a member moves through rows, opens details, changes pages and reverses the order', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'member' });
  await page.goto('/events?range=90d');
  const all = await totalOf(page);
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByText('Production')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  await page.getByLabel('Events per page').selectOption('10');
  await expect(page.getByText(/^1–10 of/)).toBeVisible();
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(page.getByText(/^11–20 of/)).toBeVisible();
  await page
    .getByRole('button', { name: /^Time \(/ })
    .first()
    .click();
  await expect(page).toHaveURL(/order=asc/);
  expect(await totalOf(page)).toBe(all);
});

test('a value that is too long for a filter is not clickable', async ({ openPage, product }) => {
  const company = product.demo.companies[0];
  const traceId = 'long-trace-'.repeat(30);
  const sender = await openPage();
  const sent = await sender.request.post(`${product.apiUrl}/v1/events`, {
    headers: { authorization: `Bearer ${company?.apiKeys.company}` },
    data: {
      workspaceId: company?.workspaces[0]?.id,
      category: 'e2e',
      action: 'long.values',
      traceId,
      resource: { type: 'document', id: 'r'.repeat(300) },
    },
  });
  const { id } = (await sent.json()) as { id: string };
  const page = await openPage({ as: 'owner' });
  await page.goto(`/events?category=e2e&action=long.values&event=${id}`);
  const drawer = page.getByRole('dialog', { name: 'long.values' });
  await expect(drawer.getByText(traceId)).toBeVisible();
  await expect(drawer.getByRole('button', { name: traceId })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'r'.repeat(300) })).toHaveCount(0);
});

test('values of any length and direction stay in their cell, and direction overrides are displayed as escapes', async ({
  openPage,
  product,
}) => {
  const company = product.demo.companies[0];
  const action = `e2e.${'long'.repeat(60)}`;
  const sender = await openPage();
  const sent = await sender.request.post(`${product.apiUrl}/v1/events`, {
    headers: { authorization: `Bearer ${company?.apiKeys.company}` },
    data: {
      workspaceId: company?.workspaces[0]?.id,
      category: 'e2e',
      action,
      actor: { email: `${'a'.repeat(200)}@example.test` },
      resource: { type: 'وثيقة', id: 'invoice\u202egpj.exe' },
      userAgent: 'U'.repeat(400),
      metadata: { ['k'.repeat(150)]: 'v'.repeat(2000) },
    },
  });
  const { id } = (await sent.json()) as { id: string };
  for (const width of [1440, 1024, 700, 390]) {
    const at = await openPage({ as: 'owner', width });
    await at.goto(`/events?range=1h&category=e2e&event=${id}`);
    const drawer = at.getByRole('dialog');
    await expect(drawer.getByText('invoice\\u202egpj.exe')).toBeVisible();
    const hidden = await drawer.evaluate((element) =>
      [...element.children].map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    );
    expect(hidden, `${width} px`).toEqual([0, 0]);
    expect(await at.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
});

test('rows and pages can be navigated by keyboard', async ({ openPage }) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  // `g e` opens the page, not its export dialog.
  await expect(page).toHaveURL(/\/events$/);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.goto('/events?range=30d');
  await totalOf(page);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page.locator('tr[aria-selected="true"]')).toHaveAttribute('aria-rowindex', '3');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  const first = page.url();
  await page.keyboard.press('j');
  await expect.poll(() => page.url()).not.toBe(first);
  await page.keyboard.press('k');
  await expect.poll(() => page.url()).toBe(first);
  await page.getByRole('button', { name: 'Next event' }).click();
  await expect.poll(() => page.url()).not.toBe(first);
  await page.getByRole('button', { name: 'Previous event' }).click();
  await expect.poll(() => page.url()).toBe(first);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
});

test('a member sees one workspace, and neither the chip nor Reset removes it', async ({
  openPage,
  product,
}) => {
  const page = await openPage({ as: 'member' });
  const foreign = product.demo.companies[0]?.workspaces[1]?.id ?? '';
  await page.goto(`/events?range=30d&workspace=${foreign}&category=auth`);
  const chip = page.getByText('Workspace:').locator('..');
  await expect(chip).toContainText('Production');
  await expect(chip.getByRole('button')).toHaveCount(0);
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(page.getByRole('button', { name: 'Remove filter Category: auth' })).toHaveCount(0);
  await expect(chip).toContainText('Production');
  await expect(page.getByRole('columnheader', { name: 'Workspace' })).toHaveCount(0);
});

test('an empty result suggests filters to relax', async ({ openPage }) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events?range=15m&action=no.such.action');
  await expect(page.getByRole('heading', { name: 'No events match' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Last 30 days' }).click();
  await expect(page).toHaveURL(/range=30d/);
  await page.getByRole('button', { name: 'All time' }).click();
  await expect(page).toHaveURL(/range=all/);
  await expect(page.getByRole('heading', { name: 'No events match' })).toBeVisible();
  // No suggestion is wider than all time.
  await expect(page.getByRole('button', { name: /^Last / })).toHaveCount(0);
  await page.getByRole('button', { name: 'Any action' }).click();
  await expect(page).not.toHaveURL(/action=/);
});

test('an uncounted total shows a plus sign, and paging continues beyond the numbered pages', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events?range=all&q=acme&pageSize=200&page=50');
  await expect(page.getByText('9,801–10,000 of 10,000+')).toBeVisible();
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(page.getByText('Further events, of 10,000+')).toBeVisible();
  await expect(rows(page).nth(1)).toBeVisible();
  await page.goBack();
  await expect(page.getByText('9,801–10,000 of 10,000+')).toBeVisible();
});

test('an ID is shortened in the table and copied in full', async ({ openPage }) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events?range=30d');
  await totalOf(page);
  await page
    .getByRole('button', { name: /^Copy ID / })
    .first()
    .click();
  await expect(page.getByText('ID copied', { exact: true })).toBeVisible();
  const id = await page.evaluate(() => navigator.clipboard.readText());
  const event = await page.request.get(`/api/dashboard/events/${id}`);
  expect(await event.json()).toMatchObject({ id });
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test.for(['light', 'dark'] as const)(
  'the explorer and its menus are accessible in the %s theme, the dark one also on a phone',
  async (theme, { openPage }) => {
    const page = await openPage({ as: 'owner', theme });
    await page.goto('/events?range=30d&category=auth');
    await totalOf(page);
    await expectAccessible(page);
    for (const name of [/^Time range/, /^Category/, 'Filter', 'Saved views']) {
      await page
        .getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) })
        .first()
        .click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page, { within: '[role="dialog"]' });
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
    // One theme on a phone is enough, because the width does not change colors.
    if (theme === 'light') return;
    const phone = await openPage({ as: 'member', theme, width: 390 });
    await phone.goto('/events?range=30d');
    await expect(phone.getByRole('list', { name: /^Events, times in UTC/ })).toBeVisible();
    await expectAccessible(phone);
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  },
);
