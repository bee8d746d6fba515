import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendRaw } from '../../../testing/processes/raw-http.ts';
import { startDashboard } from '../start-dashboard.ts';
import { createDashboardDatabase, type TestDashboardDatabase } from '../testing/test-dashboard.ts';
import { buildWebApp } from './build-web-app.ts';
import { patient } from '../../../testing/patience.ts';

let db: TestDashboardDatabase;
let directory: string;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;

beforeAll(async () => {
  db = await createDashboardDatabase();
  directory = await mkdtemp(join(tmpdir(), 'exhibit-web-app-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(
    join(directory, 'index.html'),
    '<meta property="csp-nonce" nonce="__CSP_NONCE__">app',
  );
  await writeFile(join(directory, 'assets/main-abc123.js'), 'export {};');
  await writeFile(join(directory, 'theme.js'), '0;');
  dashboard = await startDashboard({ ...db.options('http://127.0.0.1:9'), webApp: directory });
});

afterAll(async () => {
  await dashboard?.stop();
  await rm(directory, { recursive: true, force: true });
  await db?.[Symbol.asyncDispose]();
});

const ask = (path: string) => fetch(dashboard.url + path);

test.each(['/', '/events?category=a', '/exports/0190c3f1-0000-7000-8000-000000000000', '/apis'])(
  'the app is served at %s, uncached, with a new nonce for each response',
  async (path) => {
    const nonces = new Set<string>();
    for (let i = 0; i < 2; i += 1) {
      const answer = await ask(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const nonce = /nonce="([^"]+)"/.exec(await answer.text())?.[1] ?? '';
      const policy = answer.headers.get('content-security-policy');
      expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain('unsafe');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(2);
  },
);

test('files with a hash in their name are cached permanently, and other files are revalidated', async () => {
  const asset = await ask('/assets/main-abc123.js');
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(asset.headers.get('content-type')).toMatch(/javascript/);
  expect((await ask('/theme.js')).headers.get('cache-control')).toBe('no-cache');
});

test(
  'a page preloads its own modules and the signed-in user, but only shared modules without a session',
  async () => {
    const built = await buildWebApp();
    const served = await startDashboard({ ...db.options('http://127.0.0.1:9'), webApp: built });
    const cookie = 'better-auth.session_token=any';
    const linksOf = async (path: string, headers: Record<string, string>) => {
      const html = await (await fetch(served.url + path, { headers })).text();
      return [...html.matchAll(/<link rel="(?:module)?preload"[^>]* href="([^"]+)"/g)].map(
        ([, href = '']) => href,
      );
    };
    try {
      const shared = await linksOf('/events', {});
      const events = await linksOf('/events?range=7d', { cookie });
      const own = events.filter((href) => !shared.includes(href));
      expect(own).toContainEqual(expect.stringMatching(/^\/assets\/events-page-/));
      expect(own.at(-1)).toBe('/api/me');
      expect(new Set(events).size).toBe(events.length);
      for (const href of own.slice(0, -1))
        expect((await fetch(served.url + href)).status).toBe(200);
      for (const [path, page] of [
        ['/', 'home-page'],
        ['/exports/templates', 'templates-page'],
        ['/exports/0190c3f1-0000-7000-8000-000000000000', 'exports-page'],
        ['/evidence', 'evidence-page'],
        ['/settings/members', 'settings-page'],
      ] as const)
        expect((await linksOf(path, { cookie })).join(' ')).toContain(`/assets/${page}-`);
      expect(await linksOf('/sign-in', { cookie })).toEqual(shared);
    } finally {
      await served.stop();
    }
  },
  patient(120_000),
);

test(
  'the app is served compressed',
  async () => {
    const built = await buildWebApp();
    const served = await startDashboard({ ...db.options('http://127.0.0.1:9'), webApp: built });
    try {
      const html = await (await fetch(served.url)).text();
      const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
      for (const encoding of ['br', 'gzip']) {
        const headers = { 'accept-encoding': encoding };
        const answer = await fetch(served.url + script, { headers });
        expect(answer.headers.get('content-encoding')).toBe(encoding);
        expect(answer.headers.get('content-type')).toMatch(/javascript/);
        expect(answer.headers.get('cache-control')).toContain('immutable');
        expect(await answer.text()).toContain('import');
      }
    } finally {
      await served.stop();
    }
  },
  patient(120_000),
);

test.each(['/assets/gone-123.js', '/favicon.ico', '/api', '/api/nothing', '/assets/../index.json'])(
  '%s returns a problem document instead of the app',
  async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND' });
  },
);

test.each(['/../../package.json', '/%2e%2e/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json'])(
  'files outside the app are not served: %s',
  async (path) => {
    const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const { status } = await sendRaw(dashboard.url, request);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  },
);

test(
  'the app is built once for the same sources, even by concurrent processes',
  async () => {
    const directories = await Promise.all([buildWebApp(), buildWebApp()]);
    expect(new Set(directories).size).toBe(1);
    const [built] = directories;
    const { ino } = await stat(built);
    await buildWebApp();
    expect((await stat(built)).ino).toBe(ino);
  },
  patient(120_000),
);
