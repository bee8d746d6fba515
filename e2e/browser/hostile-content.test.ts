import type { Page } from '@playwright/test';
import { expect, test } from './fixture.ts';
import { HOSTILE, markOf } from './hostile-strings.ts';
import { patient } from '../../testing/patience.ts';

/**
 * Puts attacker-controlled text in every displayed field and opens every page under the real policy. A script that
 * runs would set `window.__ran`; any request to another origin is a failure.
 */
async function watch(page: Page): Promise<() => Promise<readonly string[]>> {
  const faults: string[] = [];
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const origin = new URL((await page.request.get('/health')).url()).origin;
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(?:blob|data):/.test(url) && new URL(url).origin !== origin)
      faults.push(`request: ${url}`);
  });
  page.on('framenavigated', (frame) => {
    if (frame.url() !== 'about:blank' && new URL(frame.url()).origin !== origin)
      faults.push(`navigation: ${frame.url()}`);
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.text().startsWith('policy:')) faults.push(message.text());
  });
  return async () => {
    const inPage = await page.evaluate(() => {
      const links = [...document.querySelectorAll('[href],[src],[action],[formaction]')];
      const attributes = links.flatMap((element) =>
        ['href', 'src', 'action', 'formaction'].map((name) => element.getAttribute(name) ?? ''),
      );
      return [
        ...('__ran' in window ? ['a script ran'] : []),
        // Characters that browsers strip from a scheme before parsing it.
        ...attributes.filter((value) =>
          /^(?:javascript|vbscript|data:text)/i.test(value.replaceAll(/[\0-\x20]/g, '')),
        ),
        ...[...document.querySelectorAll('body *')]
          .filter(({ attributes: all }) => [...all].some(({ name }) => name.startsWith('on')))
          .map(({ outerHTML }) => `handler: ${outerHTML.slice(0, 200)}`),
        ...[
          ...document.querySelectorAll('iframe, object, embed, base, marquee, math, form[action]'),
        ].map(({ outerHTML }) => `element: ${outerHTML.slice(0, 200)}`),
      ];
    });
    return [...faults, ...inPage];
  };
}

test(
  'no text of an event, view, template, workspace or purpose runs a script, loads a resource or becomes a link',
  async ({ openPage, product }) => {
    // A company that other tests don't use.
    const globex = product.demo.companies.find(({ name }) => name === 'Globex');
    const workspaceId = globex?.workspaces[0]?.id ?? '';
    const key = globex?.apiKeys.company ?? '';
    const category = 'hostile-content';
    const stored = await fetch(`${product.apiUrl}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        events: HOSTILE.map((text, index) => ({
          workspaceId,
          category: index % 2 === 0 ? category : `${category}${text}`.slice(0, 256),
          action: text,
          projectId: text,
          actor: { id: text, email: text, role: text },
          resource: { type: text, id: text },
          metadata: {
            [text]: text,
            nested: { [text]: [text, { url: text, href: text }] },
            integrity: text,
          },
          tags: [text.slice(0, 64)],
          traceId: text,
          ipAddress: text,
          geo: text,
          userAgent: text,
        })),
      }),
    });
    const answer = (await stored.json()) as { created: number; results: { id: string }[] };
    expect(answer).toMatchObject({ created: HOSTILE.length });

    const page = await openPage({ as: 'globex' });
    const faults = await watch(page);
    const post = async (path: string, data: unknown) => {
      const made = await page.request.post(path, { data });
      expect(made.status(), `${path} ${await made.text()}`).toBe(201);
      return (await made.json()) as { id: string; jobId: string };
    };
    const everything = HOSTILE.map((text) => text.trim());
    const query = { version: 1, categories: everything, actorEmails: everything, tags: everything };
    const jobs: string[] = [];
    for (const [index, text] of HOSTILE.entries()) {
      // Names and purposes reject control, invisible and bidirectional characters.
      const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim();
      const name = `${markOf(text)} ${plain}`.slice(0, 120);
      await post('/api/dashboard/explorer/views', { name, description: plain, query });
      await post('/api/dashboard/export-templates', {
        name,
        description: plain,
        query,
        format: 'CSV',
      });
      await post('/api/workspaces', { name: `${markOf(text)} ${plain}`.slice(0, 200) });
      await post('/api/dashboard/api-keys', { name, permissions: ['events:read'] });
      if (index % 8 !== 0) continue;
      const filters = { categories: everything, actions: everything };
      const job = await post('/api/dashboard/exports', { format: 'CSV', purpose: plain, filters });
      jobs.push(job.jobId);
    }

    const list = '/events?range=24h&search=__ran&pageSize=50';
    await page.goto(list);
    const rows = page.getByRole('region', { name: 'Events' }).getByRole('row');
    await expect(rows.filter({ hasText: '__ran' }).first()).toBeVisible();
    expect(await faults()).toEqual([]);
    // Open the details of each event with all its fields.
    const newestFirst = answer.results
      .map(({ id }) => id)
      .toSorted()
      .toReversed();
    await page.goto(`${list}&event=${newestFirst[0]}`);
    const drawer = page.getByRole('dialog');
    for (const [index, id] of newestFirst.entries()) {
      if (index > 0) await drawer.getByRole('button', { name: 'Next event' }).click();
      await expect(page).toHaveURL(new RegExp(id));
      await expect(drawer).toContainText(id);
      await expect(drawer).toContainText('__ran');
      expect(await faults(), id).toEqual([]);
    }
    // The same text in the address, as list parameters and as single parameters.
    const lists = ['category', 'action', 'actorEmail', 'tag'];
    const values = ['search', 'metadata', 'ref', 'savedView', 'workspace', 'event', 'from', 'sort'];
    const addresses = [
      HOSTILE.flatMap((text) => lists.map((name) => [name, text])),
      ...HOSTILE.filter((_, index) => index % 4 === 0).map((text) =>
        values.map((name) => [name, text]),
      ),
    ].map((parameters) => `/events?range=24h&${String(new URLSearchParams(parameters))}`);
    for (const address of addresses) {
      await page.goto(address);
      await expect(page.locator('main').first()).toBeVisible();
      expect(await faults(), address).toEqual([]);
    }
    for (const text of [
      'javascript:window.__ran=1',
      '//elsewhere.invalid',
      '/\t/elsewhere.invalid',
    ]) {
      await page.goto(
        `/sign-in?next=${encodeURIComponent(text)}&search=${encodeURIComponent(text)}`,
      );
      await expect(page.locator('main').first()).toBeVisible();
      expect(await faults(), text).toEqual([]);
    }
    for (const path of [
      '/',
      '/exports',
      '/exports/templates',
      '/evidence',
      '/settings/workspaces',
      '/settings/api-keys',
      '/settings/members',
      ...jobs.map((jobId) => `/exports/${jobId}`),
    ]) {
      await page.goto(path);
      await expect(page.locator('main').first()).toBeVisible();
      await page.waitForLoadState('networkidle');
      expect(await faults(), path).toEqual([]);
    }
  },
  patient(240_000),
);

test('the detector reports a script, a handler, a foreign request and a dangerous link', async ({
  openPage,
}) => {
  const page = await openPage({ as: 'owner', expectedProblems: [/./] });
  const faults = await watch(page);
  await page.goto('/');
  await page.evaluate(() => {
    Reflect.set(window, '__ran', true);
    document.body.insertAdjacentHTML(
      'beforeend',
      '<a href=" java\tscript:1">x</a><p onclick="1">y</p><img src="https://elsewhere.invalid/x.png">',
    );
  });
  await expect
    .poll(faults)
    .toEqual(
      expect.arrayContaining([
        'a script ran',
        expect.stringMatching(/^handler: <p onclick/),
        expect.stringMatching(/java\tscript/),
        expect.stringMatching(/^policy: img-src https:\/\/elsewhere\.invalid/),
      ]),
    );
});
