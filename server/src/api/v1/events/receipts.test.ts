import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../../../testing/test-region.ts';

let region: TestRegion;
let api: TestApi;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

interface Listed {
  readonly data: readonly { readonly id: string; readonly action: string }[];
  readonly receipts: readonly ({
    readonly receivedAt: string;
    readonly apiKey: { readonly id: string; readonly label: string } | null;
  } | null)[];
}

async function list(key: string, query: string): Promise<Listed> {
  const answer = await api.request(key, 'GET', `/v1/events?limit=200&${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Listed;
}

async function idOfKey(key: string): Promise<string> {
  const answer = await api.request(key, 'GET', '/v1/keys/status');
  return ((await answer.json()) as { id: string }).id;
}

test('everything that a leaked key wrote is found, whatever timestamps the events have', async () => {
  const company = await region.company();
  const [workspaceId] = company.workspaceIds;
  const good = await region.key(company, { workspaceId });
  const leaked = await region.key(company, { workspaceId });
  const began = new Date(Date.now() - 1000).toISOString();
  const post = (key: string, action: string, timestamp?: string) =>
    api.request(key, 'POST', '/v1/events', { body: { category: 'c', action, timestamp } });
  // Single events of both keys, which share transactions, and a back-dated batch.
  await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      n % 2 === 0 ? post(good, `good-${n}`) : post(leaked, `leaked-${n}`),
    ),
  );
  const backDated = [1, 2, 3].map((n) => ({
    category: 'c',
    action: `leaked-back-${n}`,
    timestamp: '2020-01-01T00:00:00Z',
  }));
  await api.request(leaked, 'POST', '/v1/events', { body: { events: backDated } });

  const leakedId = await idOfKey(leaked);
  const found = await list(good, `apiKeyId=${leakedId}`);
  expect(found.data).toHaveLength(23);
  expect(found.data.every(({ action }) => action.startsWith('leaked'))).toBe(true);
  expect(found.receipts).toHaveLength(23);
  for (const receipt of found.receipts) {
    expect(receipt?.apiKey?.id).toBe(leakedId);
    expect(Date.parse(receipt?.receivedAt ?? '')).toBeGreaterThan(Date.parse(began));
  }
  const upper = await list(good, `apiKeyId=${leakedId.toUpperCase()}`);
  expect(upper.data).toHaveLength(23);
  expect((await list(good, `receivedFrom=${began}&to=2021-01-01T00:00:00Z`)).data).toHaveLength(3);
  expect((await list(good, `receivedTo=${began}`)).data).toHaveLength(0);
  expect((await list(good, 'apiKeyId=production')).data).toEqual([]);
});

test('an event stored before receipts were recorded has no receipt and is still listed', async () => {
  const company = await region.company();
  const key = await region.key(company, { workspaceId: company.workspaceIds[0] });
  await api.request(key, 'POST', '/v1/events', { body: { category: 'c', action: 'old' } });
  await region.owner.query(
    'UPDATE events SET received_at = NULL, api_key_id = NULL, api_key_label = NULL WHERE company_id = $1',
    [company.id],
  );
  expect((await list(key, '')).receipts).toEqual([null]);
  expect((await list(key, 'receivedFrom=2020-01-01T00:00:00Z')).data).toEqual([]);
});
