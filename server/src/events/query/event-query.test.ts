import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Problem } from '../../errors.ts';
import { compareCodePoints } from '../json/compare-code-points.ts';
import { FILTER_FIELDS } from '../../../../contract/filter-fields.ts';
import { eventQueryInputSchema } from './event-query-schema.ts';
import { parseEventQuery } from './parse-event-query.ts';
import { resolveRange } from './resolve-range.ts';

function problemOf(input: unknown): Problem {
  try {
    parseEventQuery(input);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(input)}`);
}

function boundsAt(range: object, now: string) {
  const { from, to } = resolveRange(parseEventQuery({ range }), new Date(now));
  return [from, to];
}

const EVERY_FIELD = {
  version: 1,
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
  ...Object.fromEntries(FILTER_FIELDS.map(({ field }) => [field, ['a', 'b']])),
  search: 'text',
  metadata: [{ path: 'a.b', op: 'eq', value: 'x' }],
  sort: 'timestamp',
  order: 'asc',
  pageSize: 50,
};

describe('a misspelt filter is rejected instead of exporting everything', () => {
  test.each([
    [{ categoris: ['a'] }, 'filters.categoris', 'did you mean "categories"?'],
    [{ actor_email: 'a' }, 'filters.actor_email', 'did you mean "actorEmail"?'],
    [{ actoin: 'a' }, 'filters.actoin', 'did you mean "action"?'],
    [{ range: { lats: '24h' } }, 'filters.range.lats', 'did you mean "last"?'],
    [{ metadata: [{ path: 'a', op: 'exists', vlaue: 1 }] }, 'filters.metadata[0].vlaue', '"value"'],
    [JSON.parse('{"__proto__": ["a"]}'), 'filters.__proto__', 'is not a known field'],
    [{ limit: 5 }, 'filters.limit', 'is not a known field'],
  ])('the misspelt filter in %j is refused with its name', (input, path, message) => {
    const problem = problemOf(input);
    expect(problem.code).toBe('VALIDATION_FAILED');
    expect(problem.errors).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  test('each unknown field has its own error, and a name unlike any field has no suggestion', () => {
    expect(problemOf({ categoris: ['a'], 'x\ny': 1, search: '' }).errors).toEqual([
      { path: 'filters.search', message: 'must not be empty' },
      {
        path: 'filters.categoris',
        message: '"categoris" is not a known field; did you mean "categories"?',
      },
      { path: 'filters.x\ny', message: '"x\\ny" is not a known field' },
    ]);
  });

  test('errors start with the path prefix of the caller', () => {
    expect(() => parseEventQuery({ actions: [''] }, { pathPrefix: '' })).toThrow(
      expect.objectContaining({ errors: [{ path: 'actions[0]', message: 'must not be empty' }] }),
    );
  });

  test.each([null, [], 'x', 7, undefined])('the value %j is not a filter document', (input) => {
    expect(problemOf(input).errors).toEqual([
      { path: 'filters', message: expect.stringContaining('expected object') },
    ]);
  });
});

describe('an explicit empty list is rejected with EMPTY_FILTER', () => {
  const lists = [...FILTER_FIELDS.map(({ field }) => field), 'metadata'];
  test.each(lists)('an empty list of %s is rejected', (name) => {
    const problem = problemOf({ [name]: [] });
    expect([problem.code, problem.status]).toEqual(['EMPTY_FILTER', 400]);
    expect(problem.errors[0]?.path).toBe(`filters.${name}`);
  });
});

describe('the canonical form', () => {
  test('the canonical form keeps every field, in one key order', () => {
    const shuffled = Object.fromEntries(Object.entries(EVERY_FIELD).toReversed());
    expect(JSON.stringify(parseEventQuery(shuffled))).toBe(JSON.stringify(EVERY_FIELD));
  });

  test('the canonical form has no keys for absent fields', () => {
    expect(JSON.stringify(parseEventQuery({ search: undefined }))).toBe('{"version":1}');
  });

  test.each(FILTER_FIELDS)(
    'the filter $field has the short form $single, which excludes the list',
    ({ field: list, single }) => {
      expect(parseEventQuery({ [single]: ' x ' })).toEqual({ version: 1, [list]: ['x'] });
      expect(problemOf({ [single]: 'x', [list]: ['x'] }).errors).toEqual([
        { path: `filters.${single}`, message: expect.stringContaining(`together with ${list}`) },
      ]);
    },
  );

  test('the canonical form sorts values by code point, like the database', () => {
    const query = parseEventQuery({ actions: ['\u{10000}', '\uffee', 'b', 'a', 'B', 'aa'] });
    expect(query.actions).toEqual(['B', 'a', 'aa', 'b', '\uffee', '\u{10000}']);
  });

  test('code point order is UTF-8 byte order (property)', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(compareCodePoints(a, b))).toBe(bytes);
      }),
    );
  });

  test('the canonical form sorts metadata conditions, removes duplicates and does not trim', () => {
    const conditions = [
      { value: ' x ', op: 'eq', path: 'b' },
      { path: 'a', op: 'exists' },
      { path: 'b', op: 'eq', value: ' x ' },
    ];
    expect(JSON.stringify(parseEventQuery({ metadata: conditions }).metadata)).toBe(
      '[{"path":"a","op":"exists"},{"path":"b","op":"eq","value":" x "}]',
    );
  });

  const value = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 20 })
    .filter((text) => text.trim() !== '' && !text.includes('\u0000'));
  const lists = fc.dictionary(
    fc.constantFrom(...FILTER_FIELDS.map(({ field }) => field)),
    fc.array(value, { minLength: 1, maxLength: 30 }),
  );
  const micros = fc.integer({ min: 0, max: Date.UTC(2099, 0) }).map((ms) => new Date(ms));
  const instant = fc.tuple(micros, fc.stringMatching(/^\d{0,6}$/)).map(([date, digits]) => {
    const seconds = date.toISOString().slice(0, 19);
    return digits === '' ? `${seconds}Z` : `${seconds}.${digits}Z`;
  });
  const condition = fc.oneof(
    fc.record({ path: fc.constantFrom('a', 'b.c'), op: fc.constant('exists') }),
    fc.record({
      path: fc.constantFrom('a', 'b.c', ' '),
      op: fc.constantFrom('eq', 'contains'),
      value: fc.oneof(value, fc.maxSafeInteger(), fc.boolean()),
    }),
  );
  const document = fc
    .record(
      {
        from: instant,
        range: fc.constantFrom({ last: '24h' }, { previous: 'week' }),
        search: value,
        metadata: fc.array(condition, { minLength: 1, maxLength: 20 }),
        order: fc.constantFrom('asc', 'desc'),
        pageSize: fc.integer({ min: 10, max: 200 }),
      },
      { requiredKeys: [] },
    )
    .chain((rest) => lists.map((given) => ({ ...rest, ...given })))
    .map(({ range, ...rest }) => ('from' in rest ? rest : { ...rest, ...(range && { range }) }));

  test('parsing a canonical query again gives the same text (property)', () => {
    fc.assert(
      fc.property(document, (input) => {
        const once = parseEventQuery(input);
        expect(JSON.stringify(parseEventQuery(once))).toBe(JSON.stringify(once));
        expect(JSON.stringify(parseEventQuery(JSON.parse(JSON.stringify(once))))).toBe(
          JSON.stringify(once),
        );
      }),
    );
  });

  test('shuffled, repeated and padded lists give the same text (property)', () => {
    const padding = fc.constantFrom('', ' ', '\t\n', '\u00a0', '\ufeff');
    const respelt = document.chain((input) => {
      const entries = Object.entries(input).map(([name, given]) => {
        if (!Array.isArray(given)) return fc.constant([name, given] as const);
        const respellings = given.map((item: unknown) =>
          typeof item === 'string'
            ? fc.tuple(padding, padding).map(([before, after]) => before + item + after)
            : fc.constant(item),
        );
        return fc
          .tuple(...respellings, ...respellings)
          .chain((items) => fc.shuffledSubarray(items, { minLength: items.length }))
          .map((items) => [name, items] as const);
      });
      return fc.tuple(fc.constant(input), fc.tuple(...entries));
    });
    fc.assert(
      fc.property(respelt, ([input, entries]) => {
        const other = Object.fromEntries(entries.toReversed());
        expect(JSON.stringify(parseEventQuery(other))).toBe(JSON.stringify(parseEventQuery(input)));
      }),
    );
  });
});

describe('values', () => {
  const tooMany = Array.from({ length: 101 }, (_, i) => `v${i}`);
  test.each([
    ['actions[1]', 'must not be empty', { actions: ['ok', '  '] }],
    ['action', 'must not be empty', { action: '' }],
    ['actions[0]', 'U+0000', { actions: ['a\u0000b'] }],
    ['search', 'surrogate', { search: 'a\ud800' }],
    ['actions[0]', 'at most 256 characters', { actions: ['x'.repeat(257)] }],
    ['actions[0]', 'at most 256 characters', { actions: ['😀'.repeat(257)] }],
    ['actions', 'at most 100 different values', { actions: tooMany }],
    ['actions', 'expected array', { actions: 'a' }],
    ['actions[0]', 'expected string', { actions: [1] }],
    ['actions', 'expected array', { actions: null }],
    ['action', 'expected string', { action: ['a'] }],
    ['version', 'expected 1', { version: 2 }],
    ['version', 'expected 1', { version: '1' }],
    ['sort', 'timestamp', { sort: 'id' }],
    ['order', 'asc', { order: 'DESC' }],
    ['pageSize', '10', { pageSize: 9 }],
    ['pageSize', '200', { pageSize: 201 }],
    ['pageSize', 'int', { pageSize: 10.5 }],
    ['metadata[0].value', 'is required for eq', { metadata: [{ path: 'a', op: 'eq' }] }],
    ['metadata[0].value', 'required for contains', { metadata: [{ path: 'a', op: 'contains' }] }],
    ['metadata[0].value', 'empty', { metadata: [{ path: 'a', op: 'contains', value: '' }] }],
    ['metadata[0].value', 'not be given', { metadata: [{ path: 'a', op: 'exists', value: '' }] }],
    ['metadata[0].value', 'string, a number', { metadata: [{ path: 'a', op: 'eq', value: [] }] }],
    ['metadata[0].value', 'empty', { metadata: [{ path: 'a', op: 'contains', value: null }] }],
    ['metadata[0].value', 'surrogate', { metadata: [{ path: 'a', op: 'eq', value: 'a\udc00' }] }],
    ['metadata[0].path', 'character 3', { metadata: [{ path: 'a..b', op: 'exists' }] }],
    ['metadata[0].path', 'position', { metadata: [{ path: 'a[b]', op: 'exists' }] }],
    ['ipAddresses[1]', '32', { ipAddresses: ['10.0.0.1', '10.0.0.0/33'] }],
    ['ipAddress', 'range', { ipAddress: '10.0/8' }],
    ['metadata[0].path', 'single dots', { metadata: [{ path: '', op: 'exists' }] }],
    ['metadata[0].path', '10', { metadata: [{ path: 'a.a.a.a.a.a.a.a.a.a.a', op: 'exists' }] }],
    ['metadata[0].path', 'U+0000', { metadata: [{ path: 'x\u0000', op: 'exists' }] }],
    ['metadata[0].path', '256', { metadata: [{ path: 'x'.repeat(257), op: 'exists' }] }],
    ['metadata[0].op', 'exists', { metadata: [{ path: 'a', op: 'ne', value: 1 }] }],
    ['metadata', '20', { metadata: tooMany.slice(0, 21).map((path) => ({ path, op: 'exists' })) }],
  ])('an invalid value of %s is refused: %s', (path, message, input) => {
    const problem = problemOf(input);
    expect(problem.code).toBe('VALIDATION_FAILED');
    expect(problem.errors).toEqual([
      { path: `filters.${path}`, message: expect.stringContaining(message) },
    ]);
  });

  test('values at the limits are accepted, counted after trimming and deduplicating', () => {
    const longest = '😀'.repeat(256);
    expect(parseEventQuery({ search: ` ${longest} ` }).search).toBe(longest);
    const hundred = tooMany.slice(0, 100);
    expect(parseEventQuery({ tags: [...hundred, ...hundred] }).tags).toHaveLength(100);
    expect(parseEventQuery({ metadata: [{ path: 'a', op: 'eq', value: '' }] })).toBeDefined();
  });

  test('an error lists at most fifty fields and truncates long names', () => {
    const names = Array.from({ length: 500 }, (_, i) => [`${i}${'x'.repeat(5000)}`, 1]);
    const problem = problemOf(Object.fromEntries(names));
    expect(problem.errors).toHaveLength(50);
    expect(JSON.stringify(problem.errors).length).toBeLessThan(20_000);
    expect(problem.message).toContain('(and 499 more)');
  });
});

describe('times', () => {
  test.each([
    ['2026-05-14T12:00:00Z', '2026-05-14T12:00:00Z'],
    ['2026-05-14T14:00:00+02:00', '2026-05-14T12:00:00Z'],
    ['2026-05-14T12:00:00.000000Z', '2026-05-14T12:00:00Z'],
    ['2026-05-14T12:00:00.250Z', '2026-05-14T12:00:00.25Z'],
    ['2026-05-14T12:00:00.000001Z', '2026-05-14T12:00:00.000001Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z'],
    ['2099-12-31T23:59:59.999999Z', '2099-12-31T23:59:59.999999Z'],
    ['2100-01-01T00:00:00Z', '2100-01-01T00:00:00Z'],
    ['2100-01-01T01:00:00.0+01:00', '2100-01-01T00:00:00Z'],
  ])('the time %s is normalised to %s', (given, canonical) => {
    expect(parseEventQuery({ to: given }).to).toBe(canonical);
    expect(parseEventQuery({ to: canonical }).to).toBe(canonical);
  });

  test.each([
    '2026-05-14T12:00:00.1234567Z',
    '2026-05-14T12:00:00.000000000Z',
    '2026-05-14T12:00:00',
    '2026-05-14 12:00:00Z',
    '2026-05-14',
    '2026-05-14T12:00Z',
    ' 2026-05-14T12:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-05-14T24:00:00Z',
    '2099-12-31T24:00:00Z',
    '1969-12-31T23:59:59.999999Z',
    '1970-01-01T00:00:00+00:01',
    '2100-01-01T00:00:00.000001Z',
    '2100-01-01T00:00:00-00:01',
    1778760000,
    null,
  ])('the time %j is refused', (given) => {
    expect(problemOf({ from: given }).errors[0]?.path).toBe('filters.from');
  });

  test('the error for an offset whose plus became a space explains the cause', () => {
    expect(problemOf({ from: '2026-05-14T12:00:00 02:00' }).errors[0]?.message).toContain('%2B');
  });

  test.each([
    ['2026-05-14T12:00:00Z', '2026-05-14T12:00:00Z'],
    ['2026-05-14T12:00:00.5Z', '2026-05-14T12:00:00Z'],
    ['2026-05-14T12:00:00Z', '2026-05-14T13:59:59+02:00'],
  ])('a range from %s to %s is refused', (from, to) => {
    expect(problemOf({ from, to }).errors).toEqual([
      { path: 'filters.from', message: 'must be before to' },
    ]);
  });

  test('the shortest accepted time range is one microsecond', () => {
    const times = { from: '2026-05-14T12:00:00Z', to: '2026-05-14T12:00:00.000001Z' };
    expect(parseEventQuery(times)).toEqual({ version: 1, ...times });
  });
});

describe('ranges', () => {
  test.each([
    '0h',
    '-1h',
    '1.5h',
    '01h',
    '24',
    'h',
    '24H',
    '24s',
    '3651d',
    '87601h',
    '522w',
    ' 1h',
  ])('the range last %s is refused', (last) => {
    expect(problemOf({ range: { last } }).errors[0]?.path).toBe('filters.range.last');
  });

  test.each([
    { range: {} },
    { range: { last: '1h', previous: 'day' } },
    { range: { last: '1h' }, from: '2026-01-01T00:00:00Z' },
    { range: { previous: 'day' }, to: '2026-01-01T00:00:00Z' },
    { range: 'day' },
  ])('the range in %j is refused', (input) => {
    expect(problemOf(input).errors[0]?.path).toBe('filters.range');
  });

  test.each([
    ['90m', '2026-03-01T00:30:00.125Z', '2026-02-28T23:00:00.125Z'],
    ['24h', '2026-03-01T00:30:00.000Z', '2026-02-28T00:30:00Z'],
    ['3650d', '2026-03-01T00:00:00.000Z', '2016-03-03T00:00:00Z'],
    ['521w', '2026-03-01T00:00:00.000Z', '2016-03-06T00:00:00Z'],
    ['3650d', '1975-01-01T00:00:00.000Z', '1970-01-01T00:00:00Z'],
  ])('the range last %s at %s starts at %s and ends now', (last, now, from) => {
    expect(boundsAt({ last }, now)).toEqual([from, now.replace('.000Z', 'Z')]);
  });

  test.each([
    ['day', '2026-03-01T00:00:00.000Z', '2026-02-28T00:00:00Z', '2026-03-01T00:00:00Z'],
    ['month', '2026-01-31T23:59:59.999Z', '2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['month', '2028-03-31T12:00:00.000Z', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z'],
    // 2026-05-18 is a Monday, 2026-05-17 a Sunday.
    ['week', '2026-05-18T00:00:00.000Z', '2026-05-11T00:00:00Z', '2026-05-18T00:00:00Z'],
    ['week', '2026-05-17T23:59:59.999Z', '2026-05-04T00:00:00Z', '2026-05-11T00:00:00Z'],
  ])('the range previous %s at %s is [%s, %s)', (previous, now, from, to) => {
    expect(boundsAt({ previous }, now)).toEqual([from, to]);
  });

  test('a resolved query is canonical and has no range', () => {
    const query = parseEventQuery({ range: { previous: 'day' }, action: 'b', order: 'asc' });
    const resolved = resolveRange(query, new Date('2026-05-14T12:00:00Z'));
    expect(JSON.stringify(resolved)).toBe(
      '{"version":1,"from":"2026-05-13T00:00:00Z","to":"2026-05-14T00:00:00Z","actions":["b"],"order":"asc"}',
    );
    expect(JSON.stringify(parseEventQuery(resolved))).toBe(JSON.stringify(resolved));
    expect(JSON.stringify(resolveRange(resolved, new Date()))).toBe(JSON.stringify(resolved));
  });
});

test('the OpenAPI document describes every field and allows no others', () => {
  const schema = z.toJSONSchema(eventQueryInputSchema, { io: 'input', target: 'draft-2020-12' });
  const properties = Object.entries(schema.properties ?? {});
  expect(schema.additionalProperties).toBe(false);
  expect(properties).toHaveLength(11 + 2 * FILTER_FIELDS.length);
  for (const [name, property] of properties) {
    expect(property, name).toHaveProperty('description', expect.stringMatching(/\.$/));
  }
  expect(schema.properties?.['actions']).toMatchObject({
    type: 'array',
    minItems: 1,
    maxItems: 100,
    items: { type: 'string', minLength: 1, maxLength: 256 },
  });
});
