import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../errors.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { NOTHING_STORED, storedRows } from '../../../../../testing/stored-rows.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import { withoutInsert } from '../../../../../testing/without-privilege.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
/** A key of the company's first workspace. */
let key: string;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
});

beforeEach(async () => {
  company = await region.company(['Production', 'Staging']);
  key = await region.key(company, { workspaceId: company.workspaceIds[0] });
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const GOOD = { category: 'auth', action: 'login' };
const copies = (count: number) => Array.from({ length: count }, () => GOOD);
const MAX_EVENT_BYTES = 262_144;

const post = (body: unknown, as = key) => api.request(as, 'POST', '/v1/events', { body });
const stored = () => storedRows(region.owner, company.id);

/** The JSON of an event with one more member, which is inserted unchanged. */
const withMember = (member: string) => `{"category":"auth","action":"login",${member}}`;
const ofBytes = (bytes: number) =>
  withMember(`"metadata":{"a":"${'x'.repeat(bytes - withMember('"metadata":{"a":""}').length)}"}`);

/** `path` is the path of the field that the answer must name. */
type Refusal = readonly [what: string, body: string | Uint8Array, code: ErrorCode, path?: string];

const MALFORMED: readonly Refusal[] = [
  ['an empty body', '', 'MALFORMED_JSON'],
  ['a truncated body', '{"category":"auth"', 'MALFORMED_JSON'],
  ['a trailing comma', withMember('"tags":[],'), 'MALFORMED_JSON'],
  ['two JSON values', `${withMember('"tags":[]')} {}`, 'MALFORMED_JSON'],
  ['bytes that are not UTF-8', Buffer.from('7b2261223a22ff227d', 'hex'), 'MALFORMED_JSON'],
  ['a list as body', '[]', 'VALIDATION_FAILED'],
  ['null as body', 'null', 'VALIDATION_FAILED'],
  ['a text as body', '"login"', 'VALIDATION_FAILED'],
];

const BREACHES: readonly Refusal[] = [
  ['an event without fields', '{}', 'VALIDATION_FAILED', 'category'],
  ['a number as category', '{"category":5,"action":"a"}', 'VALIDATION_FAILED', 'category'],
  ['null as action', '{"category":"a","action":null}', 'VALIDATION_FAILED', 'action'],
  ['a blank category', '{"category":" ","action":"a"}', 'VALIDATION_FAILED', 'category'],
  ['a text as actor', withMember('"actor":"me"'), 'VALIDATION_FAILED', 'actor'],
  ['a list as metadata', withMember('"metadata":[]'), 'VALIDATION_FAILED', 'metadata'],
  ['a text as tags', withMember('"tags":"a"'), 'VALIDATION_FAILED', 'tags'],
  ['a number in tags', withMember('"tags":["a",1]'), 'VALIDATION_FAILED', 'tags[1]'],
  ['a misspelt field', withMember('"metdata":{}'), 'VALIDATION_FAILED', 'metdata'],
  [
    'a misspelt field of actor',
    withMember('"actor":{"mail":"a"}'),
    'VALIDATION_FAILED',
    'actor.mail',
  ],
  [
    'a category of 257 characters',
    `{"category":"${'c'.repeat(257)}","action":"a"}`,
    'VALIDATION_FAILED',
    'category',
  ],
  ['21 tags', withMember(`"tags":[${Array(21).fill('"t"').join()}]`), 'VALIDATION_FAILED', 'tags'],
  [
    'U+0000 in metadata',
    withMember('"metadata":{"a":"\\u0000"}'),
    'VALIDATION_FAILED',
    'metadata.a',
  ],
  ['an unpaired surrogate', withMember('"userAgent":"\\ud83d"'), 'VALIDATION_FAILED', 'userAgent'],
  ['a duplicate key', withMember('"action":"b"'), 'VALIDATION_FAILED', 'action'],
  [
    'a duplicate key deep in metadata, once escaped',
    withMember('"metadata":{"a":{"b":1,"\\u0062":2}}'),
    'VALIDATION_FAILED',
    'metadata.a.b',
  ],
  ['an exponent of 1001', withMember('"metadata":{"n":1e1001}'), 'VALIDATION_FAILED', 'metadata.n'],
  ['65 levels of nesting', withMember(`"metadata":${nested(64)}`), 'VALIDATION_FAILED'],
  ['40,000 levels of nesting', withMember(`"metadata":${nested(40_000)}`), 'VALIDATION_FAILED'],
  ['an event of more than 256 KiB', ofBytes(MAX_EVENT_BYTES + 1), 'VALIDATION_FAILED', ''],
  ...[
    '1969-12-31T23:59:59.999999999Z',
    '2100-01-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-05-14T24:00:00Z',
    '2026-05-14T12:00:00',
    '2026-05-14 12:00:00Z',
    '2026-05-14T12:00:00.0123456789Z',
    '1778760000',
  ].map(
    (time): Refusal => [
      `the time ${time}`,
      withMember(`"timestamp":"${time}"`),
      'VALIDATION_FAILED',
      'timestamp',
    ],
  ),
];

const BATCHES: readonly Refusal[] = [
  ['no event', '{"events":[]}', 'VALIDATION_FAILED', 'events'],
  ['an object as events', '{"events":{}}', 'VALIDATION_FAILED', 'events'],
  ['an unknown field', `{"events":[${ofBytes(100)}],"event":1}`, 'VALIDATION_FAILED', 'event'],
  [
    'two lists of events',
    `{"events":[${ofBytes(100)}],"events":[]}`,
    'VALIDATION_FAILED',
    'events',
  ],
  ['a missing end', `{"events":[${ofBytes(100)},`, 'MALFORMED_JSON'],
  ['1,001 events', JSON.stringify({ events: copies(1001) }), 'BATCH_TOO_LARGE'],
];

/** JSON of an object with this many levels. */
function nested(levels: number): string {
  return `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
}

describe('a refused body stores nothing and names the field', () => {
  for (const [what, body, code] of MALFORMED) {
    test(`POST /v1/events refuses ${what} and stores nothing`, async () => {
      await expectProblem(await post(body), code);
      expect(await stored()).toEqual(NOTHING_STORED);
    });
  }

  for (const [what, body, code, path] of BREACHES) {
    test(`POST /v1/events refuses ${what} and stores nothing`, async () => {
      const { errors = [], detail } = await expectProblem(await post(body), code);
      const paths = errors.map((error) => error.path);
      expect(paths).toContain(path ?? paths[0]);
      expect(detail).toContain(path ?? paths[0]);
      expect(await stored()).toEqual(NOTHING_STORED);
    });
  }

  for (const [what, body, code, path] of BATCHES) {
    test(`POST /v1/events refuses a batch with ${what} and stores nothing`, async () => {
      const { errors = [] } = await expectProblem(await post(body), code);
      expect(errors.map((error) => error.path)).toEqual(path === undefined ? [] : [path]);
      expect(await stored()).toEqual(NOTHING_STORED);
    });
  }

  test('POST /v1/events refuses a key without events:write', async () => {
    const reader = await region.key(company, { permissions: ['events:read', 'exports:write'] });
    const problem = await expectProblem(await post(GOOD, reader), 'PERMISSION_DENIED');
    expect(problem.detail).toContain('events:write');
    expect(await stored()).toEqual(NOTHING_STORED);
  });
});

describe('the largest allowed events', () => {
  test('an event of 256 KiB is stored', async () => {
    expect((await post(ofBytes(MAX_EVENT_BYTES))).status).toBe(201);
    expect((await stored()).events).toBe(1);
  });

  test('names of 256 characters outside the Basic Multilingual Plane are stored', async () => {
    const category = '😀'.repeat(256);
    expect((await post({ category, action: category })).status).toBe(201);
  });

  test('a batch of 1,000 events is stored', async () => {
    const answer = await post({ events: copies(1000) });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ created: 1000, replayed: 0, rejected: 0 });
    expect(await stored()).toEqual({ ...NOTHING_STORED, events: 1000, rollup: 1000 });
  });

  test('an event of 64 levels of nesting is stored', async () => {
    expect((await post(withMember(`"metadata":${nested(63)}`))).status).toBe(201);
  });
});

describe('an event goes only to a workspace of the caller', () => {
  test('an event sent with a company key must name the workspace', async () => {
    const problem = await expectProblem(
      await post(GOOD, await region.key(company)),
      'WORKSPACE_REQUIRED',
    );
    expect(problem.errors).toMatchObject([{ path: 'workspaceId' }]);
    expect(await stored()).toEqual(NOTHING_STORED);
  });

  test('a foreign workspace is refused with the same answer if it is of the same company, of another company or unknown', async () => {
    const other = await region.company();
    const foreign = [company.workspaceIds[1], other.workspaceIds[0], randomUUID(), 'production'];
    const details = new Set<string>();
    for (const workspaceId of foreign) {
      const answer = await post({ ...GOOD, workspaceId });
      details.add((await expectProblem(answer, 'WORKSPACE_FORBIDDEN')).detail);
    }
    expect(details.size).toBe(1);
    expect(await stored()).toEqual(NOTHING_STORED);
    expect(await storedRows(region.owner, other.id)).toEqual(NOTHING_STORED);
  });

  test('a workspace key may name its own workspace, also in capitals and padded', async () => {
    const workspaceId = ` ${company.workspaceIds[0].toUpperCase()} `;
    expect((await post({ ...GOOD, workspaceId })).status).toBe(201);
    expect((await stored()).events).toBe(1);
  });
});

// The tables are written at different points of the transaction.
test.each(['event_idempotency', 'events', 'event_rollup_deltas'])(
  'a batch is not stored if writing to %s fails, and it can be sent again',
  async (table) => {
    const events = [GOOD, { ...GOOD, idempotencyKey: 'k' }];
    const failed = await withoutInsert(region.owner, table, () => post({ events }));
    const { detail } = await expectProblem(failed, 'INTERNAL');
    expect(detail).not.toContain(table);
    expect(await stored()).toEqual(NOTHING_STORED);
    expect(await (await post({ events })).json()).toMatchObject({ created: 2 });
    const { rows } = await region.owner.query<{ seq: number }>(
      'SELECT seq FROM events WHERE company_id = $1 ORDER BY seq',
      [company.id],
    );
    expect(rows.map(({ seq }) => seq)).toEqual([1, 2]);
  },
);

describe('the answer to a batch', () => {
  test('a batch reports each item and stores the valid ones, wherever the invalid ones are', async () => {
    const [workspaceId, sibling] = company.workspaceIds;
    const items = [
      '{"category":"auth"}',
      withMember('"metadata":{"n":1.0e1}'),
      'null',
      withMember(`"workspaceId":"${sibling}"`),
      ofBytes(MAX_EVENT_BYTES + 1),
      withMember(`"workspaceId":"${workspaceId}"`),
      withMember('"timestamp":"2100-01-01T00:00:00Z"'),
      withMember('"metadata":{"a":1,"a":2}'),
    ];
    const answer = await post(`{"events":[${items.join()}]}`);
    expect(answer.status).toBe(200);
    const { results, ...counts } = (await answer.json()) as BatchAnswer;
    expect(counts).toEqual({ created: 2, replayed: 0, rejected: 6 });
    expect(results.map(({ index, code }) => [index, code])).toEqual([
      [0, 'VALIDATION_FAILED'],
      [1, undefined],
      [2, 'VALIDATION_FAILED'],
      [3, 'WORKSPACE_FORBIDDEN'],
      [4, 'VALIDATION_FAILED'],
      [5, undefined],
      [6, 'VALIDATION_FAILED'],
      [7, 'VALIDATION_FAILED'],
    ]);
    for (const result of results) {
      expect(result.status).toBe(result.code === undefined ? 'created' : 'rejected');
      expect(typeof (result.code === undefined ? result.id : result.detail)).toBe('string');
    }
    expect(results[0]?.detail).toContain('action');
    expect(await stored()).toEqual({ ...NOTHING_STORED, events: 2, rollup: 2 });
    const { rows } = await region.owner.query<{ id: string; line: string }>(
      'SELECT id, line FROM events WHERE company_id = $1 ORDER BY seq',
      [company.id],
    );
    expect(rows.map(({ id }) => id)).toEqual([results[1]?.id, results[5]?.id]);
    expect(rows[0]?.line).toContain('"metadata":{"n":1.0e1}');
  });

  test('a batch without a valid event reports each item and stores nothing', async () => {
    const answer = await post({ events: [{}, 5, { ...GOOD, tags: {} }] });
    expect(await answer.json()).toMatchObject({ created: 0, rejected: 3 });
    expect(await stored()).toEqual(NOTHING_STORED);
  });
});

interface BatchAnswer {
  readonly results: readonly {
    readonly index: number;
    readonly status: string;
    readonly id?: string;
    readonly code?: string;
    readonly detail?: string;
  }[];
  readonly created: number;
  readonly replayed: number;
  readonly rejected: number;
}

describe('an idempotency key stores one event', () => {
  const keyed = { ...GOOD, idempotencyKey: 'k-1' };

  test('a repeated idempotency key answers 200 with the first id, or 409 if the content differs', async () => {
    const first = await post(keyed);
    expect(first.status).toBe(201);
    const replay = await post(JSON.stringify(keyed, null, 2));
    expect(replay.status).toBe(200);
    expect(await replay.json()).toEqual(await first.json());
    await expectProblem(await post({ ...keyed, action: 'logout' }), 'IDEMPOTENCY_CONFLICT');
    expect(await stored()).toEqual({ ...NOTHING_STORED, events: 1, eventKeys: 1, rollup: 1 });
  });

  test('an idempotency key is scoped to its workspace', async () => {
    const companyKey = await region.key(company);
    const ids = new Set<unknown>();
    for (const workspaceId of company.workspaceIds) {
      const answer = await post({ ...keyed, workspaceId }, companyKey);
      expect(answer.status).toBe(201);
      ids.add(((await answer.json()) as { id: string }).id);
    }
    expect(ids.size).toBe(2);
  });

  test('concurrent requests with one idempotency key get one 201 and otherwise 200, all with the same id', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(keyed)));
    const statuses = answers.map(({ status }) => status).sort((a, b) => b - a);
    expect(statuses).toEqual([201, ...Array<number>(19).fill(200)]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(bodies).size).toBe(1);
    expect((await stored()).events).toBe(1);
  });

  test('the first use of an idempotency key counts if a batch or later batches repeat it', async () => {
    const changed = { ...keyed, action: 'logout' };
    const events = [keyed, keyed, changed, { ...GOOD, idempotencyKey: 'k-2' }];
    const first = (await (await post({ events })).json()) as BatchAnswer;
    expect(first.results).toMatchObject([
      { status: 'created' },
      { status: 'replayed', id: first.results[0]?.id },
      { status: 'rejected', code: 'IDEMPOTENCY_CONFLICT' },
      { status: 'created' },
    ]);
    const second = (await (await post({ events })).json()) as BatchAnswer;
    expect(second).toMatchObject({ created: 0, replayed: 3, rejected: 1 });
    expect(second.results.map(({ id }) => id)).toEqual([
      first.results[0]?.id,
      first.results[0]?.id,
      undefined,
      first.results[3]?.id,
    ]);
    expect(await stored()).toEqual({ ...NOTHING_STORED, events: 2, eventKeys: 2, rollup: 2 });
  });

  test('a refused event does not consume its idempotency key', async () => {
    await expectProblem(await post({ ...keyed, tags: 5 }), 'VALIDATION_FAILED');
    expect((await post(keyed)).status).toBe(201);
  });
});
