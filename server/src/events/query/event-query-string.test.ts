import { describe, expect, test } from 'vitest';
import { Problem } from '../../errors.ts';
import {
  eventQueryParameters,
  parseQueryString,
  type QueryParameters,
} from './event-query-string.ts';

function errorsOf(parameters: QueryParameters): Problem['errors'] {
  try {
    parseQueryString(parameters);
  } catch (error) {
    if (error instanceof Problem && error.code === 'VALIDATION_FAILED') return error.errors;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(parameters)}`);
}

describe('query parameters are parsed to the same canonical query as a document', () => {
  test.each<[QueryParameters, object]>([
    [{}, {}],
    [{ category: 'a' }, { categories: ['a'] }],
    [{ category: ['b', 'a', 'b'] }, { categories: ['a', 'b'] }],
    [{ categories: ['b', 'a'] }, { categories: ['a', 'b'] }],
    [{ categories: 'a' }, { categories: ['a'] }],
    [
      { tag: 'x', last: '24h' },
      { range: { last: '24h' }, tags: ['x'] },
    ],
    [{ previous: 'month' }, { range: { previous: 'month' } }],
    [{ from: '2026-05-14T14:00:00+02:00' }, { from: '2026-05-14T12:00:00Z' }],
    [
      { pageSize: '50', version: '1', order: 'asc' },
      { order: 'asc', pageSize: 50 },
    ],
    [{ search: ['one'] }, { search: 'one' }],
    [{ actions: undefined }, {}],
    [
      { metadata: '[{"path":"a","op":"eq","value":1}]' },
      { metadata: [{ path: 'a', op: 'eq', value: 1 }] },
    ],
  ])(
    'the query parameters %j are parsed to the same query as a document',
    (parameters, expected) => {
      expect(parseQueryString(parameters)).toEqual({ version: 1, ...expected });
    },
  );
});

describe('errors name the parameter that the caller wrote', () => {
  test.each<[QueryParameters, string, string]>([
    [{ categry: 'a' }, 'categry', 'did you mean "category"?'],
    [{ range: '24h' }, 'range', '"range" is not a known query parameter'],
    [{ limit: '5' }, 'limit', 'is not a known query parameter'],
    [JSON.parse('{"__proto__":"a"}'), '__proto__', 'is not a known query parameter'],
    [{ category: ['a', ''] }, 'category[1]', 'must not be empty'],
    [{ category: 'a', categories: 'b' }, 'categories', 'together with category'],
    [{ from: ['2026-05-14T12:00:00Z', '2026-05-15T12:00:00Z'] }, 'from', 'only once'],
    [{ last: '24x' }, 'last', 'such as 24h'],
    [{ last: '24h', previous: 'day' }, 'last', 'exactly one'],
    [{ last: '24h', to: '2026-05-15T12:00:00Z' }, 'last', 'together with from or to'],
    [{ pageSize: '5e1' }, 'pageSize', 'number'],
    [{ pageSize: '' }, 'pageSize', 'number'],
    [{ pageSize: '5' }, 'pageSize', '10'],
    [{ metadata: '{' }, 'metadata', 'JSON array'],
    [{ metadata: '[{"path":"a","op":"eq"}]' }, 'metadata[0].value', 'required'],
    [{ metadata: 'null' }, 'metadata', 'expected array'],
  ])('the error for the query parameters %j names the parameter', (parameters, path, message) => {
    expect(errorsOf(parameters)).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  test('an empty repeated list is an empty filter', () => {
    expect(() => parseQueryString({ category: [] })).toThrow(
      expect.objectContaining({ code: 'EMPTY_FILTER' }),
    );
  });
});

test('every parameter has a schema with a description', () => {
  expect(Object.keys(eventQueryParameters)).toEqual(expect.arrayContaining(['last', 'previous']));
  expect(eventQueryParameters).not.toHaveProperty('range');
  for (const [name, schema] of Object.entries(eventQueryParameters)) {
    expect(schema.description, name).toMatch(/\.$/);
  }
});
