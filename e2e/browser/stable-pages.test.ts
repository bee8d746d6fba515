import type { Page } from '@playwright/test';
import { expect, test } from './fixture.ts';
import type { Product } from './product.ts';
import { patient } from '../../testing/patience.ts';

const idsOf = (page: Page) =>
  page
    .getByRole('button', { name: /^Copy ID / })
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('title') ?? ''));

async function send(page: Page, product: Product, category: string, count: number): Promise<void> {
  // A company that other tests don't use.
  const company = product.demo.companies.find(({ name }) => name === 'Globex');
  const sent = await page.request.post(`${product.apiUrl}/v1/events`, {
    headers: { authorization: `Bearer ${company?.apiKeys.company}` },
    data: {
      events: Array.from({ length: count }, (_, n) => ({
        workspaceId: company?.workspaces[0]?.id,
        category,
        action: `event.${n}`,
        actor: { email: 'large-view@globex.test' },
      })),
    },
  });
  expect(sent.ok(), await sent.text()).toBe(true);
}

test(
  'paging shows no event twice while events arrive, and newer events are counted and loaded on request',
  async ({ openPage, product }) => {
    const category = `stable-pages-${Date.now()}`;
    const sender = await openPage();
    await send(sender, product, category, 25);
    const page = await openPage({ as: 'globex' });
    await page.goto(`/events?range=24h&category=${category}&pageSize=10`);
    await expect(page.getByText('1–10 of 25')).toBeVisible({ timeout: patient(30_000) });
    const first = await idsOf(page);
    await send(sender, product, category, 14);
    await page.getByRole('button', { name: 'Next page' }).click();
    await expect(page.getByText('11–20 of 25')).toBeVisible();
    const second = await idsOf(page);
    expect(new Set([...first, ...second]).size).toBe(20);
    const newer = page.getByRole('button', { name: '14 newer events' });
    await newer.click();
    await expect(page.getByText('1–10 of 39')).toBeVisible();
    await expect(newer).toHaveCount(0);
    await expect(page).not.toHaveURL(/page=/);
  },
  patient(120_000),
);

test(
  'a saved view with 100 values of 200 characters opens from its address and after a reload',
  async ({ openPage, product }) => {
    await send(await openPage(), product, 'large-view', 1);
    const page = await openPage({ as: 'globex' });
    const name = `Large ${Date.now()}`;
    const made = await page.request.post('/api/dashboard/explorer/views', {
      data: {
        name,
        description: '',
        query: {
          version: 1,
          range: { last: '30d' },
          actorEmails: [
            'large-view@globex.test',
            ...Array.from({ length: 99 }, (_, n) => `${'x'.repeat(180)}${n}@acme.example`),
          ],
        },
      },
    });
    expect(made.status()).toBe(201);
    const { id } = (await made.json()) as { id: string };
    await page.goto(`/events?savedView=${id}`);
    const chip = page.getByText('Actor:', { exact: true });
    await expect(chip).toBeVisible({ timeout: patient(30_000) });
    await expect(page).toHaveURL(/base=view/);
    expect(page.url().length).toBeLessThan(300);
    await page.reload();
    await expect(chip).toBeVisible({ timeout: patient(30_000) });
    await page.getByLabel('Events per page').selectOption('10');
    await expect(page).toHaveURL(/pageSize=10/);
    await expect(page.getByText("Couldn't load")).toHaveCount(0);
    // Without its actors the address is short again.
    await page.getByRole('button', { name: /^Remove filter Actor/ }).click();
    await expect(chip).toHaveCount(0);
    await expect(page).not.toHaveURL(/base=view/);
    // A deleted view shows an error instead of all events.
    await page.request.delete(`/api/dashboard/explorer/views/${id}`);
    await page.goto(`/events?savedView=${id}&base=view&q=x`);
    await expect(page.getByText('The saved view in this address was deleted').first()).toBeVisible({
      timeout: patient(30_000),
    });
    await expect(page.getByRole('button', { name: 'Export…' })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
  },
  patient(120_000),
);
