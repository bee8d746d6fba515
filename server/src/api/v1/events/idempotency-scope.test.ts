import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let sender: string;
let other: string;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  company = await region.company();
  const [workspaceId] = company.workspaceIds;
  sender = await region.key(company, { workspaceId });
  other = await region.key(company, { workspaceId, permissions: ['events:write'] });
});

const post = (key: string, body: unknown) => api.request(key, 'POST', '/v1/events', { body });

async function idOf(answer: Response, status: number): Promise<string> {
  expect(answer.status).toBe(status);
  return ((await answer.json()) as { id: string }).id;
}

async function storedCount(): Promise<number> {
  const { rows } = await region.owner.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM events WHERE company_id = $1',
    [company.id],
  );
  return rows[0]?.count ?? -1;
}

const EVENT = { category: 'c', action: 'a', idempotencyKey: 'k' };

describe('idempotency keys belong to the API key that used them', () => {
  test('a write-only key cannot claim the key of another sender', async () => {
    const claimed = await idOf(await post(other, { ...EVENT, action: 'claim' }), 201);
    const own = await idOf(await post(sender, EVENT), 201);
    expect(own).not.toBe(claimed);
    expect(await idOf(await post(sender, EVENT), 200)).toBe(own);
    expect(await storedCount()).toBe(2);
  });

  test('a write-only key does not learn the id of the event of another sender', async () => {
    const own = await idOf(await post(sender, EVENT), 201);
    const answer = await post(other, { ...EVENT, action: 'probe' });
    expect(answer.status).toBe(201);
    expect(await answer.text()).not.toContain(own);
  });

  test('concurrent single events and batches of several API keys are each stored once per key', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        n % 3 === 0
          ? post(other, { events: [{ ...EVENT, action: 'other' }] })
          : post(sender, { ...EVENT, action: 'own' }),
      ),
    );
    expect(answers.map(({ status }) => status).every((status) => status < 300)).toBe(true);
    expect(await storedCount()).toBe(2);
  });

  test('a sender that retries with a new API key creates no duplicates', async () => {
    const id = await idOf(await post(sender, EVENT), 201);
    const [workspaceId] = company.workspaceIds;
    const replacement = await region.key(company, { workspaceId });
    expect(await idOf(await post(replacement, EVENT), 200)).toBe(id);
    expect(await storedCount()).toBe(1);
  });

  test('a conflict with an event of the same API key names the event', async () => {
    const id = await idOf(await post(sender, EVENT), 201);
    const problem = await expectProblem(
      await post(sender, { ...EVENT, action: 'b' }),
      'IDEMPOTENCY_CONFLICT',
    );
    expect(problem.detail).toContain(id);
  });

  test('idempotency keys from before API keys were recorded still apply, and their conflicts name no event', async () => {
    const id = await idOf(await post(sender, EVENT), 201);
    await region.owner.query(
      `UPDATE event_idempotency SET api_key_id = '00000000-0000-0000-0000-000000000000' WHERE company_id = $1`,
      [company.id],
    );
    expect(await idOf(await post(sender, EVENT), 200)).toBe(id);
    expect(await idOf(await post(other, EVENT), 200)).toBe(id);
    const problem = await expectProblem(
      await post(other, { ...EVENT, action: 'b' }),
      'IDEMPOTENCY_CONFLICT',
    );
    expect(problem.detail).not.toContain(id);
    expect(await storedCount()).toBe(1);
  });
});

const withMetadata = (metadata: string, rest = '') =>
  `{"category":"c","action":"a","idempotencyKey":"k"${rest},"metadata":${metadata}}`;

describe('the same content in another notation is a replay', () => {
  test.each([
    ['the order of keys', '{"a":1,"b":{"c":2,"d":3}}', '{"b":{"d":3,"c":2},"a":1}'],
    ['a fraction of zero', '{"n":1}', '{"n":1.0}'],
    ['an exponent', '{"n":100}', '{"n":1e2}'],
    ['digits beyond a double', '{"n":9007199254740993}', '{"n":9007199254740993.000}'],
    ['escapes', '{"t":"A/é"}', '{"t":"\\u0041\\/\\u00e9"}'],
    ['whitespace', '{"a":[1,2]}', '{ "a" : [ 1 , 2 ] }'],
  ])('an event that differs only in %s is a replay', async (_, first, again) => {
    const id = await idOf(await post(sender, withMetadata(first)), 201);
    expect(await idOf(await post(sender, withMetadata(again)), 200)).toBe(id);
    expect(await storedCount()).toBe(1);
  });

  test.each([
    ['a value', '{"a":1,"b":2}', '{"b":1,"a":2}'],
    ['the order of a list', '{"a":[1,2]}', '{"a":[2,1]}'],
    ['the type of a value', '{"n":1}', '{"n":"1"}'],
    ['the last digit beyond a double', '{"n":9007199254740993}', '{"n":9007199254740992}'],
    [
      'a number with too many decimal places to compare',
      '{"n":1}',
      `{"n":1.${'0'.repeat(20_000)}}`,
    ],
  ])('an event that differs in %s is a conflict', async (_, first, again) => {
    await idOf(await post(sender, withMetadata(first)), 201);
    await expectProblem(await post(sender, withMetadata(again)), 'IDEMPOTENCY_CONFLICT');
    expect(await storedCount()).toBe(1);
  });

  test('the same content in two notations within one batch is a replay', async () => {
    const items = [withMetadata('{"a":1,"b":2}'), withMetadata('{"b":2.0,"a":1}')];
    const conflict = withMetadata('{"a":1}');
    const answer = await post(sender, `{"events":[${[...items, conflict].join(',')}]}`);
    expect(await answer.json()).toMatchObject({ created: 1, replayed: 1, rejected: 1 });
  });

  test('an event without a timestamp is a replay only of another one without a timestamp', async () => {
    const id = await idOf(await post(sender, withMetadata('{"a":1,"b":2}')), 201);
    expect(await idOf(await post(sender, withMetadata('{"b":2,"a":1}')), 200)).toBe(id);
    const timed = ',"timestamp":"2026-03-01T12:00:00Z"';
    const second = withMetadata('{"a":1,"b":2}', timed).replace('"k"', '"k2"');
    await idOf(await post(sender, second), 201);
    const untimed = withMetadata('{"b":2,"a":1}').replace('"k"', '"k2"');
    await expectProblem(await post(sender, untimed), 'IDEMPOTENCY_CONFLICT');
  });
});
