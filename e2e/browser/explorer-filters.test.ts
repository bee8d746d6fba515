import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';

test('a time range can be picked, typed or chosen in the calendar', async ({ openPage }) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events');
  const button = page.getByRole('button', { name: /^Time range/ });
  await button.click();
  await page.getByRole('button', { name: 'Last 7 days' }).click();
  await expect(page).toHaveURL(/range=7d/);
  await button.click();
  await page.getByLabel('Custom range').fill('3 days');
  await expect(page.getByText('Means: Last 3 days')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/range=3d/);
  await button.click();
  await page.getByLabel('Custom range').fill('soon');
  await expect(page.getByText(/Try 45m/)).toBeVisible();
  await page.getByLabel('Custom range').fill('2026-05-01 .. 2026-05-14');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=2026-05-01T00%3A00%3A00.000Z&to=2026-05-15T00%3A00%3A00.000Z/);
  await expect(button).toContainText('1 – 14 May 2026 (UTC)');
  await button.click();
  // The calendar starts with the current range.
  await expect(page.getByLabel('First day (UTC)')).toHaveValue('2026-05-01');
  await expect(page.getByLabel('Last day (UTC)')).toHaveValue('2026-05-14');
  await page.getByRole('radio', { name: 'Exact times' }).click();
  const from = page.getByLabel('Start (UTC)');
  await expect(from).toHaveValue('2026-05-01 00:00');
  await from.fill('2026-05-32');
  await expect(page.getByText('Use the form 2026-05-14 12:00')).toBeVisible();
  await from.fill('2026-05-02 10:00');
  await page.getByLabel('End, exclusive (UTC)').fill('2026-05-02 11:00');
  await page.getByRole('button', { name: 'Apply dates' }).click();
  await expect(page).toHaveURL(/from=2026-05-02T10%3A00/);
  await page.goBack();
  await expect(button).toContainText('1 – 14 May 2026 (UTC)');
});

test('two clicks in the calendar choose a new range, in either order', async ({ openPage }) => {
  const page = await openPage({ as: 'member' });
  await page.goto('/events?from=2026-05-01T00:00:00Z&to=2026-05-29T00:00:00Z');
  const button = page.getByRole('button', { name: /^Time range/ });
  await button.click();
  await page.getByRole('button', { name: /^20 May 2026/ }).click();
  await expect(page.getByLabel('First day (UTC)')).toHaveValue('2026-05-20');
  await expect(page.getByLabel('Last day (UTC)')).toHaveValue('2026-05-20');
  await page.getByRole('button', { name: /^18 May 2026/ }).click();
  await expect(page.getByLabel('First day (UTC)')).toHaveValue('2026-05-18');
  await expect(page.getByLabel('Last day (UTC)')).toHaveValue('2026-05-20');
  await page.getByRole('button', { name: 'Apply dates' }).click();
  await expect(button).toContainText('18 – 20 May 2026 (UTC)');
});

test('times are displayed and parsed in local time after choosing it, and the theme can be changed', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner', timezone: 'Asia/Tokyo' });
  await page.goto('/events?from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitemradio', { name: /^Local/ }).click();
  await expect(page.getByRole('button', { name: /^Time range/ })).toContainText(
    '1 May 09:00 – 2 May 09:00 +09:00',
  );
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: /^Time range/ }).click();
  await page.getByLabel('Custom range').fill('2026-05-01');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=2026-04-30T15%3A00/);
});

test('categories and actions can be searched, show counts, and accept several values and free text', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events?range=90d');
  await page.getByRole('button', { name: 'Category', exact: true }).click();
  const search = page.getByPlaceholder('Search categories');
  await search.fill('bill');
  await expect(page.getByRole('option', { name: /billing/ })).toContainText(/\d/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/category=billing/);
  await search.fill('auth');
  await page.getByRole('option', { name: /^auth/ }).click();
  await expect(page).toHaveURL(/category=billing&category=auth/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Action', exact: true }).click();
  await page.getByPlaceholder('Search actions').fill('made.up');
  await page.getByRole('option', { name: 'Use “made.up”' }).click();
  await expect(page).toHaveURL(/action=made.up/);
});

test('Enter pressed before the menu has loaded selects the first match', async ({ openPage }) => {
  const page = await openPage({ as: 'owner' });
  const late = Promise.withResolvers<undefined>();
  await page.route('**/filter-options*', async (route) => {
    await late.promise;
    await route.continue();
  });
  await page.goto('/events?range=90d');
  await page.getByRole('button', { name: 'Category', exact: true }).click();
  await page.getByPlaceholder('Search categories').fill('bill');
  await expect(page.getByRole('option', { name: 'Use “bill”' })).toBeVisible();
  late.resolve(undefined);
  await expect(page.getByRole('option', { name: /billing/ })).toContainText(/\d/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/category=billing/);
});

test('search, actor, resource and metadata filters work; Reset clears them and Back restores them', async ({
  openPage,
  product,
}) => {
  const page = await openPage({ as: 'owner' });
  const company = product.demo.companies[0];
  await page.request.post(`${product.apiUrl}/v1/events`, {
    headers: { authorization: `Bearer ${company?.apiKeys.company}` },
    data: {
      workspaceId: company?.workspaces[0]?.id,
      category: 'e2e',
      action: 'needle.found',
      actor: { email: 'needle@haystack.test' },
      resource: { type: 'haystack', id: 'needle-1' },
      metadata: { request: { status: 418 } },
    },
  });
  await page.goto('/events');
  await expect(page.getByText(/of [\d,]+$/)).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('NEEDLE');
  await expect(page).toHaveURL(/q=NEEDLE/);
  await expect(page.getByText(/^1–1 of 1$/)).toBeVisible();
  await page.getByRole('button', { name: 'needle-1', exact: true }).click();
  await expect(page).toHaveURL(/resource=needle-1/);
  await page.getByRole('button', { name: 'Remove filter Resource: needle-1' }).click();
  await expect(page).not.toHaveURL(/resource=/);
  await page.getByRole('button', { name: 'Clear search' }).click();
  await expect(page).not.toHaveURL(/q=/);
  await page.keyboard.press('Escape');
  await page.locator('body').click({ position: { x: 700, y: 20 } });
  await page.keyboard.press('f');
  await page.getByLabel('Equals').fill('needle@haystack.test');
  await page.getByRole('button', { name: 'Add filter' }).click();
  await expect(page.getByText(/^1–1 of 1$/)).toBeVisible();
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByLabel('Field').selectOption({ label: 'Resource type' });
  await page.getByLabel('Equals').fill('haystack');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/resourceType=haystack/);
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByLabel('Field').selectOption('metadata');
  await page.getByLabel('Path').fill('request.status');
  await page.getByLabel('Value').fill('418');
  await page.getByRole('button', { name: 'Add filter' }).click();
  await expect(page.getByText('request.status = 418')).toBeVisible();
  await expect(page.getByText(/^1–1 of 1$/)).toBeVisible();
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(page.getByText('request.status = 418')).toHaveCount(0);
  await page.goBack();
  await expect(page.getByText('request.status = 418')).toBeVisible();
});

test('typing during a running search keeps the text and other filters chosen meanwhile', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events?range=7d');
  const search = page.getByRole('searchbox', { name: 'Search events' });
  await search.pressSequentially('login ');
  await expect(page).toHaveURL(/q=login(&|$)/);
  await search.pressSequentially('x');
  await expect(search).toHaveValue('login x');
  // Before the debounce time is over.
  await page.getByRole('button', { name: 'Remove filter Search: login' }).click();
  await expect(search).toHaveValue('');
  await search.pressSequentially('login');
  await page.getByRole('button', { name: /^Time range/ }).click();
  await page.getByRole('button', { name: 'Last 30 days' }).click();
  await expect(page).toHaveURL(/range=30d/);
  await expect(page).toHaveURL(/q=login/);
  await page.goBack();
  await page.goBack();
  await expect(search).toHaveValue('');
});

test('hovering a bar shows its count up to its right edge', async ({ openPage }) => {
  const page = await openPage({ as: 'owner' });
  // A hundred days from 1 January, one bar each.
  await page.goto('/events?from=2026-01-01T00:00:00Z&to=2026-04-11T00:00:00Z');
  await expect(page.getByText(/1 Jan – 10 Apr 2026 \(UTC\) · by day/)).toBeVisible();
  const chart = page.getByRole('img', { name: /^Volume over time/ });
  await expect(chart.locator('canvas')).toBeVisible();
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart has no place');
  await page.mouse.move(box.x + box.width * 0.108, box.y + 30);
  await expect(chart).toContainText(/^11 Jan 2026 \(UTC\): [\d,]+/);
});

test('dragging over the histogram zooms in, and the table zooms by keyboard', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events?range=30d');
  const chart = page.getByRole('img', { name: /^Volume over time/ });
  await expect(chart.locator('canvas')).toBeVisible();
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart has no place');
  await page.mouse.move(box.x + box.width * 0.3, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 30, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  await page.goBack();
  await page.getByRole('button', { name: 'View as table' }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Zoom in to this day' }).first().focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=.*T00%3A00%3A00.000Z&to=.*T00%3A00%3A00.000Z/);
});

test.for(['light', 'dark'] as const)(
  'the calendar, the metadata filter and the value menus are accessible in the %s theme',
  async (theme, { openPage }) => {
    const page = await openPage({ as: 'member', theme });
    await page.goto('/events?range=30d&category=auth&q=login');
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: /^Time range/ }).click();
    await expect(dialog.getByRole('grid')).toBeVisible();
    await dialog.getByLabel('Start (UTC)').fill('soon');
    await expectAccessible(page, { within: '[role="dialog"]' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await dialog.getByLabel('Field').selectOption('metadata');
    await expectAccessible(page, { within: '[role="dialog"]' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Action', exact: true }).click();
    await expect(dialog.getByRole('option').first()).toBeVisible();
    await expectAccessible(page, { within: '[role="dialog"]' });
  },
);
