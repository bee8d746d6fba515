import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../../server/src/config.ts';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, json, startFakeApi } from '../testing/fake-api.ts';
import {
  createDashboardDatabase,
  evidenceOf,
  signIn,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';

let db: TestDashboardDatabase;
let api: FakeApi;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  api.on('GET /dashboard/events', json(200, { data: [] }));
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

/** The address of a browser in the evidence and in the header that the api receives. */
async function addressSeen(proxies: string, forwardedFor: string): Promise<[unknown, unknown]> {
  const config = readConfig({ DASHBOARD_TRUSTED_PROXIES: proxies });
  const dashboard = await startDashboard({
    ...db.options(api.url),
    trustProxy: config.dashboard.trustedProxies,
  });
  try {
    const company = await db.company();
    const owner = await signIn(dashboard.url, company.email('OWNER'));
    const init = { headers: { 'x-forwarded-for': forwardedFor } };
    await owner.send('POST', '/api/workspaces', { name: 'New' }, init);
    await owner.send('GET', '/api/dashboard/events', undefined, init);
    const told = api.seen.findLast(({ path }) => path === '/dashboard/events');
    return [(await evidenceOf(owner))[0]?.['ip'], told?.headers['x-exhibit-client-ip']];
  } finally {
    await dashboard.stop();
  }
}

test('X-Forwarded-For is ignored unless DASHBOARD_TRUSTED_PROXIES lists its sender', async () => {
  for (const proxies of ['', '192.0.2.1, 10.0.0.0/8'])
    expect(await addressSeen(proxies, '203.0.113.7')).toEqual(['127.0.0.1', '127.0.0.1']);
});

test('behind trusted proxies the client address is the last one that is not a trusted proxy', async () => {
  for (const proxies of ['127.0.0.1', ' 127.0.0.0/8 , 10.0.0.0/8 '])
    expect(await addressSeen(proxies, '198.51.100.66, 203.0.113.7')).toEqual([
      '203.0.113.7',
      '203.0.113.7',
    ]);
  expect(await addressSeen('127.0.0.1,10.0.0.0/8', '198.51.100.66, 203.0.113.7, 10.1.2.3')).toEqual(
    ['203.0.113.7', '203.0.113.7'],
  );
});
