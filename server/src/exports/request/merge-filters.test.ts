import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventQuery } from '../../../../contract/event-query.ts';
import { parseEventQuery } from '../../events/query/parse-event-query.ts';
import type { Queryable } from '../../regions/sql.ts';
import { mergeFilters, parseOverlay } from './merge-filters.ts';
import { scopedFilters } from './scoped-filters.ts';

const NOON = '2026-05-14T12:00:00Z';
const ONE = '2026-05-14T13:00:00Z';

/** For each field, a value of the view and a different value of the body. */
const VALUES = {
  from: [NOON, '2026-05-14T12:30:00Z'],
  to: [ONE, '2026-05-14T14:00:00Z'],
  workspaceIds: [['w1'], ['w2']],
  projectIds: [['p1'], ['p2']],
  categories: [['auth'], ['billing', 'user']],
  actions: [['a'], ['b']],
  actorIds: [['u1'], ['u2']],
  actorEmails: [['x@example.test'], ['y@example.test']],
  resourceTypes: [['doc'], ['file']],
  resourceIds: [['1'], ['2']],
  tags: [['red'], ['blue']],
  traceIds: [['t1'], ['t2']],
  ipAddresses: [['192.0.2.1'], ['192.0.2.2']],
  search: ['left', 'right'],
  metadata: [[{ path: 'a', op: 'exists' }], [{ path: 'b', op: 'eq', value: 1 }]],
  sort: ['timestamp', 'timestamp'],
  order: ['asc', 'desc'],
  pageSize: [10, 20],
} as const satisfies Partial<Record<keyof EventQuery, readonly [unknown, unknown]>>;

type Field = keyof typeof VALUES;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table above
const FIELDS = Object.keys(VALUES) as Field[];

describe.each(FIELDS)('the filter field %s', (field) => {
  const [ofView, ofBody] = VALUES[field];
  test.each([
    { body: 'given', view: 'given', result: ofBody },
    { body: 'given', view: 'absent', result: ofBody },
    { body: 'absent', view: 'given', result: ofView },
    { body: 'absent', view: 'absent', result: undefined },
    { body: 'null', view: 'given', result: undefined },
    { body: 'null', view: 'absent', result: undefined },
  ])(
    'a field that is $body in the body and $view in the view is merged',
    ({ body, view, result }) => {
      const stored = parseEventQuery(view === 'given' ? { [field]: ofView } : {});
      const filters = body === 'absent' ? {} : { [field]: body === 'given' ? ofBody : null };
      expect(mergeFilters(stored, parseOverlay(filters))[field]).toEqual(result);
    },
  );
});

test('each field comes from the body, or from the view if the body neither has nor clears it', () => {
  const choice = fc.constantFrom('given', 'absent', 'null');
  const cases = fc.record({
    body: fc.record(Object.fromEntries(FIELDS.map((field) => [field, choice]))),
    view: fc.subarray(FIELDS),
  });
  fc.assert(
    fc.property(cases, ({ body, view }) => {
      const stored = parseEventQuery(Object.fromEntries(view.map((f) => [f, VALUES[f][0]])));
      const entries = FIELDS.filter((field) => body[field] !== 'absent');
      const filters = Object.fromEntries(
        entries.map((field) => [field, body[field] === 'given' ? VALUES[field][1] : null]),
      );
      const merged = mergeFilters(stored, parseOverlay(filters));
      for (const field of FIELDS) {
        const kept = view.includes(field) ? VALUES[field][0] : undefined;
        const wanted = { given: VALUES[field][1], null: undefined, absent: kept }[
          body[field] ?? 'absent'
        ];
        expect(merged[field], field).toEqual(wanted);
      }
    }),
  );
});

describe('merging time ranges', () => {
  const relative = parseEventQuery({ range: { last: '24h' }, category: 'auth' });
  const fixed = parseEventQuery({ from: NOON, to: ONE });

  test('a body’s from or to replaces the view’s relative range', () => {
    expect(mergeFilters(relative, parseOverlay({ from: NOON }))).toEqual(
      parseEventQuery({ from: NOON, category: 'auth' }),
    );
  });

  test('a body’s range replaces the view’s from and to', () => {
    expect(mergeFilters(fixed, parseOverlay({ range: { previous: 'day' } }))).toEqual(
      parseEventQuery({ range: { previous: 'day' } }),
    );
  });

  test('null clears a field of the time range and no other field', () => {
    expect(mergeFilters(relative, parseOverlay({ range: null }))).toEqual(
      parseEventQuery({ category: 'auth' }),
    );
    expect(mergeFilters(fixed, parseOverlay({ from: null }))).toEqual(parseEventQuery({ to: ONE }));
  });

  test('merging rejects a from that is not before to', () => {
    for (const filters of [{ from: ONE }, { to: NOON }, { from: '2026-05-15T00:00:00Z' }])
      expect(() => mergeFilters(fixed, parseOverlay(filters))).toThrow('must be before to');
  });
});

describe('invalid filters', () => {
  test.each([
    [{ categoris: null }, 'did you mean "categories"?'],
    [{ categoris: ['a'] }, 'did you mean "categories"?'],
    [{ category: null, categories: ['a'] }, 'given and cleared'],
    [{ categories: [] }, 'must not be empty'],
    ['all', 'expected object'],
    [['category'], 'expected object'],
  ])('the filters %j are refused', (filters, reason) => {
    expect(() => parseOverlay(filters)).toThrow(reason);
  });

  test('null in the short form of a list clears it', () => {
    const stored = parseEventQuery({ category: 'auth', workspaceId: 'w1' });
    expect(mergeFilters(stored, parseOverlay({ category: null, workspaceId: null }))).toEqual({
      version: 1,
    });
  });
});

describe('the workspaces of a member’s export', () => {
  const ALL = ['w1', 'w2', 'w3', 'w4'];
  const company: Queryable = {
    // Answers the only query used here: the workspaces of the company.
    query: () => Promise.resolve({ rows: ALL.map((workspace_id) => ({ workspace_id })) } as never),
  };

  test('an export of a member names only their workspaces, for any view, or is refused', async () => {
    const some = fc.option(fc.subarray(ALL, { minLength: 1 }), { nil: undefined });
    const cases = fc.record({ mine: fc.subarray(ALL), view: some, clear: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(cases, async ({ mine, view, clear }) => {
        const user = {
          role: 'MEMBER',
          actor: { type: 'user', id: 'u', label: 'u' },
          scope: { companyId: 'c', workspaces: { kind: 'some', workspaceIds: mine } },
        } as const;
        const stored = parseEventQuery(view === undefined ? {} : { workspaceIds: view });
        const overlay = parseOverlay(clear ? { workspaceIds: null } : {});
        const action = 'exports.create';
        const left = (view ?? []).filter((id) => mine.includes(id));
        const result = scopedFilters(company, { user, action, stored, overlay });
        if (view === undefined || clear)
          await expect(result).rejects.toMatchObject({ code: 'WORKSPACE_REQUIRED' });
        else if (left.length === 0)
          await expect(result).rejects.toMatchObject({ code: 'WORKSPACE_FORBIDDEN' });
        else expect((await result).workspaceIds).toEqual(left);
      }),
    );
  });
});
