import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';

test('the range is picked, typed or taken from a calendar', async ({ openPage }) => {
  const page = await openPage({ as: 'owner' });
  await page.goto('/events');
  const button = page.getByRole('button', { name: /^Time range/ });
  await button.click();
  await page.getByRole('button', { name: 'Last 7 days' }).click();
  await expect(page).toHaveURL(/range=7d/);
  await button.click();
  await page.getByLabel('Type a range').fill('3 days');
  await expect(page.getByText('Means: Last 3 days')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/range=3d/);
  await button.click();
  await page.getByLabel('Type a range').fill('soon');
  await expect(page.getByText(/Try 45m/)).toBeVisible();
  await page.getByLabel('Type a range').fill('2026-05-01 .. 2026-05-14');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=2026-05-01T00%3A00%3A00.000Z&to=2026-05-15T00%3A00%3A00.000Z/);
  await expect(button).toContainText('1 May 00:00 – 15 May 00:00 UTC');
  await button.click();
  await page.getByLabel('From (UTC)').fill('2026-05-02T10:00');
  await page.getByLabel('To, before (UTC)').fill('2026-05-02T11:00');
  await page.getByRole('button', { name: 'Show this range' }).click();
  await expect(page).toHaveURL(/from=2026-05-02T10%3A00/);
  await page.goBack();
  await expect(button).toContainText('1 May 00:00 – 15 May 00:00 UTC');
});

test('times are shown and typed in local time when that is chosen, and say so', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner', timezone: 'Asia/Tokyo' });
  await page.goto('/events?from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: /^Local/ }).click();
  await expect(page.getByRole('button', { name: /^Time range/ })).toContainText(
    '1 May 09:00 – 2 May 09:00 +09:00',
  );
  await page.getByRole('button', { name: /^Time range/ }).click();
  await page.getByLabel('Type a range').fill('2026-05-01');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=2026-04-30T15%3A00/);
});

test('categories and actions are searched, counted, chosen several at once, and typed freely', async ({
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

test('search, actor, resource and metadata filter; Reset clears them and Back brings them back', async ({
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
      metadata: { request: { status: 418 } },
    },
  });
  await page.goto('/events');
  await expect(page.getByText(/of [\d,]+$/)).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('NEEDLE');
  await expect(page).toHaveURL(/q=NEEDLE/);
  await expect(page.getByText(/^1–1 of 1$/)).toBeVisible();
  await page.getByRole('button', { name: 'Clear search' }).click();
  await expect(page).not.toHaveURL(/q=/);
  await page.keyboard.press('Escape');
  await page.locator('body').click({ position: { x: 700, y: 20 } });
  await page.keyboard.press('f');
  await page.getByLabel('Is exactly').fill('needle@haystack.test');
  await page.getByRole('button', { name: 'Add filter' }).click();
  await expect(page.getByText(/^1–1 of 1$/)).toBeVisible();
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

test('dragging over the histogram zooms in, the table does so by keyboard', async ({
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
  await page.getByRole('button', { name: 'Show as a table' }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show this day' }).first().focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=.*T00%3A00%3A00.000Z&to=.*T00%3A00%3A00.000Z/);
});
