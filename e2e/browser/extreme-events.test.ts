import type { Page } from '@playwright/test';
import { expect, test } from './fixture.ts';
import { patient } from '../../testing/patience.ts';

/**
 * Every extreme value that ingest accepts, as raw JSON, one field per event, so that a failure names it. `{}` in
 * `nested` is an object at the maximum depth of 64.
 */
const deep = '{"d":'.repeat(62) + '1' + '}'.repeat(62);
const EXTREMES: Readonly<Record<string, string>> = {
  'leap second': '"timestamp":"2016-12-31T23:59:60Z"',
  'leap second with offset and digits': '"timestamp":"2017-01-01T08:59:60.123456789+09:00"',
  'first instant': '"timestamp":"1970-01-01T00:00:00Z"',
  // Sent with the current time, because ingest rejects future times by default. The page receives LAST_INSTANT.
  'last instant': '"projectId":"last"',
  'largest offset east': '"timestamp":"2026-05-15T11:59:59+23:59"',
  'largest offset west': '"timestamp":"2026-05-13T12:00:00-23:59"',
  'lower-case letters': '"timestamp":"2026-05-14t12:00:00.000000001z"',
  'long names': `"traceId":"${'t'.repeat(256)}","projectId":"${'p'.repeat(256)}"`,
  'twenty tags': `"tags":[${Array.from({ length: 20 }, (_, n) => `"tag ${n}"`).join()}]`,
  'deep metadata': `"metadata":${deep}`,
  'prototype keys':
    '"metadata":{"__proto__":{"polluted":"value of proto"},"constructor":1,"toString":2}',
  'huge numbers': '"metadata":{"n":1e1000,"m":-0,"k":123456789012345678901234567890}',
  'empty strings':
    '"actor":{"id":"","email":"","role":""},"resource":{"type":"","id":""},"userAgent":""',
  'lone combining marks': '"actor":{"email":"\\u0301\\u0302"},"resource":{"id":"\\u20dd"}',
  'right to left': '"actor":{"email":"تسجيل\\u202eالدخول"}',
  'control characters': '"actor":{"email":"\\u0001\\u001b[31m"},"metadata":{"\\u0007":"\\u0008"}',
  'only invisible characters':
    '"actor":{"email":"\\u200b\\ufeff"},"resource":{"type":" ","id":"\\u2028"}',
  'geo text': '"geo":""',
  'geo object': '"geo":{"lat":52.5,"hash":{},"list":[[],{},null,"x",1e400,false]}',
  'geo empty object': '"geo":{}',
  'metadata empty': '"metadata":{}',
  'metadata of hints': '"metadata":{"hash":null,"signature":[1]}',
};
const LAST_INSTANT = '2099-12-31T23:59:59.999999999Z';
/** Unique per run, because several runs may share a product. */
const CATEGORY = `extreme-events-${Date.now()}`;

const tableRows = (page: Page) =>
  page.getByRole('region', { name: 'Events' }).locator('tbody tr[aria-rowindex]');

/** The response for a company that may send future timestamps. */
async function moveToLastInstant(page: Page, id: string): Promise<void> {
  const event = new RegExp(`("id":"${id}","timestamp":")[^"]*`);
  await page.route(/\/api\/dashboard\/events\?/, async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    const body = text.replace(event, (_, start: string) => start + LAST_INSTANT);
    await route.fulfill({ response: answer, body });
  });
}

test(
  'the explorer shows a row and details for every extreme event that ingest accepts',
  async ({ openPage, product }) => {
    // A company that other tests don't use.
    const company = product.demo.companies.find(({ name }) => name === 'Globex');
    const sender = await openPage();
    const ids = new Map<string, string>();
    for (const [name, fields] of Object.entries(EXTREMES)) {
      const sent = await sender.request.post(`${product.apiUrl}/v1/events`, {
        headers: {
          authorization: `Bearer ${company?.apiKeys.company}`,
          'content-type': 'application/json',
        },
        data: `{"workspaceId":"${company?.workspaces[0]?.id}","category":"${CATEGORY}","action":"${name}",${fields}}`,
      });
      expect(sent.status(), `${name}: ${await sent.text()}`).toBe(201);
      ids.set(name, ((await sent.json()) as { id: string }).id);
    }
    const list = `/events?range=all&category=${CATEGORY}&pageSize=100`;
    const zones = ['UTC', 'Asia/Kathmandu'] as const;
    for (const timezone of zones) {
      const page = await openPage({ as: 'globex', timezone, width: 1440 });
      if (timezone !== 'UTC')
        await page.addInitScript(() => localStorage.setItem('exhibit.timeZone', 'local'));
      await page.goto(list);
      await expect(page.getByText(`of ${ids.size}`).last()).toBeVisible({
        timeout: patient(30_000),
      });
      await expect(page.getByText("Couldn't show")).toHaveCount(0);
      await expect(tableRows(page).first()).toBeVisible();
      if (timezone === 'UTC') await expect(page.getByText('2016-12-31 23:59:60')).toHaveCount(2);
      // The volume chart of the whole time range is drawn too.
      await expect(page.getByRole('img', { name: /^Volume over time/ })).toBeVisible();
    }
    const page = await openPage({ as: 'globex' });
    page.setDefaultTimeout(patient(30_000));
    await moveToLastInstant(page, ids.get('last instant') ?? '');
    await page.goto(`${list}&event=${ids.get('leap second with offset and digits')}`);
    const drawer = page.getByRole('dialog');
    await expect(drawer.getByText('2017-01-01T08:59:60.123456789+09:00')).toBeVisible({
      timeout: patient(30_000),
    });
    await expect(drawer.getByText('2016-12-31 23:59:60.123456789 UTC')).toBeVisible();
    await page.goto(list);
    await expect(page.getByText('2099-12-31 23:59:59')).toBeVisible({ timeout: patient(30_000) });
    // Open the details of every event by moving down the list, newest first.
    await page.goto(list);
    await tableRows(page)
      .first()
      .getByRole('button', { name: /^Open / })
      .click();
    const seen = new Set<string>();
    for (let walked = 0; walked < ids.size; walked += 1) {
      await expect(drawer.getByText('Original time')).toBeVisible();
      await expect(drawer.getByText("Couldn't show")).toHaveCount(0);
      const id = new URL(page.url()).searchParams.get('event') ?? '';
      await expect(drawer).toContainText(id);
      seen.add(id);
      if (walked === ids.size - 1) break;
      await drawer.getByRole('button', { name: 'Next event' }).click();
      await expect(page).not.toHaveURL(new RegExp(id));
    }
    expect(seen).toEqual(new Set(ids.values()));
    await page.goto(list);
    const proto = tableRows(page).getByRole('button', { name: /^Open prototype keys/ });
    await proto.click();
    await expect(drawer.getByText('value of proto')).toBeVisible();
    await page.keyboard.press('Escape');
    // Reloading the list must not lose the key.
    const loaded = page.waitForResponse(/\/api\/dashboard\/events\?/);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await (await loaded).finished();
    await proto.click();
    await expect(drawer.getByText('value of proto')).toBeVisible();
    await page.goto(`${list}&event=${ids.get('deep metadata')}`);
    await expect(drawer.getByRole('group', { name: 'Metadata' })).toBeVisible({
      timeout: patient(30_000),
    });
    await expect
      .poll(
        () =>
          page.evaluate(() => {
            const closed = document.querySelectorAll<HTMLElement>(
              '[role="dialog"] [role="group"] button[aria-expanded="false"]',
            );
            for (const button of closed) button.click();
            return closed.length;
          }),
        { timeout: patient(60_000), intervals: [20] },
      )
      .toBe(0);
    await expect(drawer.getByText('1', { exact: true })).toBeVisible();
    await page.unrouteAll({ behavior: 'wait' });
    const phone = await openPage({ as: 'globex', width: 390 });
    await phone.goto(list);
    await expect(phone.getByRole('list', { name: /^Events/ }).getByRole('listitem')).toHaveCount(
      ids.size,
    );
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  },
  patient(240_000),
);

test(
  'an event that fails to render shows a fallback row, and the page stays usable',
  async ({ openPage }) => {
    for (const width of [1440, 390]) {
      const page = await openPage({
        as: 'owner',
        width,
        // React logs the caught errors to the console.
        expectedProblems: [/TypeError|is not a function|React/],
      });
      await page.route(/\/api\/dashboard\/events\?/, async (route) => {
        const answer = await route.fetch();
        const body = (await answer.json()) as { data: Record<string, unknown>[] };
        body.data[1] = {
          ...body.data[1],
          action: 'broken',
          category: {},
          actor: { email: {} },
          tags: [{}],
          resource: 7,
        };
        body.data[2] = { ...body.data[2], action: { toString: 1 }, metadata: null, traceId: {} };
        await route.fulfill({ response: answer, json: body });
      });
      await page.goto('/events?range=30d');
      const broken = page.getByRole('button', { name: /Couldn't show this event as a row/ });
      await expect(broken.first()).toBeVisible({ timeout: patient(30_000) });
      // The other rows are shown.
      expect(
        await page.getByRole('button', { name: /^Open |\d{4}-\d\d-\d\d/ }).count(),
      ).toBeGreaterThan(10);
      await broken.last().click();
      const drawer = page.getByRole('dialog');
      await expect(drawer).toBeVisible();
      await expect(drawer.getByRole('button', { name: 'Copy JSON' })).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('heading', { name: 'Events' })).toBeVisible();
      await expect(page.getByText('Something went wrong on this page')).toHaveCount(0);
      await page.unrouteAll({ behavior: 'wait' });
    }
  },
  patient(120_000),
);

test('evidence with a malformed filter opens, and so does its list', async ({ openPage }) => {
  const page = await openPage({ as: 'owner', expectedProblems: [/TypeError|RangeError|React/] });
  await page.route(/\/api\/evidence\?/, async (route) => {
    const row = {
      type: 'EXPORT_REQUEST_DENIED',
      at: '2026-05-14T12:00:00.000Z',
      user: { id: 'u', type: 'user', label: 'somebody@acme.test' },
      jobId: null,
      subjectId: null,
      format: null,
      bytes: null,
      range: null,
      sha256: null,
      outcome: 'DENIED',
      requestId: null,
      ip: null,
      userAgent: null,
      filters: null,
      details: null,
    };
    const data = [
      { ...row, id: '1', filters: { from: 'garbage', to: 7, categories: 5 } },
      { ...row, id: '2', filters: { from: 'garbage' } },
      { ...row, id: '3', user: null },
    ];
    await route.fulfill({ json: { data, nextCursor: null } });
  });
  await page.goto('/evidence?row=1');
  await expect(page.getByRole('dialog').getByText("Couldn't describe this filter.")).toBeVisible();
  await page.goto('/evidence?row=2');
  await expect(page.getByRole('dialog').getByText('Since garbage')).toBeVisible();
  await page.goto('/evidence');
  await expect(page.getByText("Couldn't show this row.")).toBeVisible();
  await page.unrouteAll({ behavior: 'wait' });
});

test('outliers are reported below the chart, and a click excludes them', async ({ openPage }) => {
  const page = await openPage({ as: 'owner' });
  await page.route(/\/api\/dashboard\/events\/metrics\/histogram/, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as Record<string, unknown>;
    const far = { count: 2, first: '1970-01-01T00:00:00.000Z', last: '1970-01-01T01:00:00.000Z' };
    const outliers = {
      before: far,
      after: { ...far, count: 1 },
      from: '2026-05-14T11:00:00.000Z',
      to: '2026-11-30T13:00:00.000Z',
    };
    await route.fulfill({ response: answer, json: { ...body, outliers } });
  });
  await page.goto('/events?range=all');
  await expect(
    page.getByText('2 events before 14 May 2026 and 1 event after 30 Nov 2026 stretch this chart.'),
  ).toBeVisible({ timeout: patient(30_000) });
  await page.getByRole('button', { name: 'Exclude them' }).click();
  await expect(page).toHaveURL(/from=2026-05-14T11.*to=2026-11-30T13/);
  // A request may still be in flight through the mocked route.
  await page.unrouteAll({ behavior: 'wait' });
});
