import { expect, test } from 'vitest';
import type { Me } from '../api/me.ts';
import { parseSearch, stringifySearch } from '../search-parameters.ts';
import { exportBlocked, unresolvedParameters } from '../ignored-parameters.ts';
import {
  checkEventSearch,
  hasFilters,
  isFilterValue,
  lockedWorkspace,
  queryOfSearch,
  readEventSearch,
  searchOfQuery,
} from './event-search.ts';

const PRODUCTION = '0190c3f1-7a2e-7000-8000-000000000001';
const STAGING = '0190c3f1-7a2e-7000-8000-000000000002';
const ABROAD = '0190c3f1-7a2e-7000-8000-000000000003';

const owner = person(true, [PRODUCTION, STAGING]);
const member = person(false, [PRODUCTION]);
const read = (url: string) => readEventSearch(parseSearch(url));

test('a filter survives the round trip through the URL', () => {
  const query = {
    version: 1,
    workspaceIds: [PRODUCTION, STAGING],
    projectIds: ['web & app'],
    categories: ['auth'],
    actions: ['user.login', 'ключ/é?'],
    actorEmails: ['a+b@acme.test'],
    actorIds: ['1'],
    resourceTypes: ['document'],
    resourceIds: ['=cmd'],
    tags: ['a,b'],
    traceIds: ['0'],
    ipAddresses: ['2001:db8::1'],
    apiKeyIds: [ABROAD],
    receivedFrom: '2026-05-03T00:00:00Z',
    receivedTo: '2026-05-04T00:00:00Z',
    from: '2026-05-01T00:00:00Z',
    to: '2026-05-02T00:00:00Z',
    search: '100% “sure”',
    metadata: [{ path: 'request.status', op: 'eq', value: 418 }],
  } as const;
  const url = stringifySearch(searchOfQuery(query));
  expect(queryOfSearch(read(url), owner)).toEqual(query);
});

test.each([{ last: '3d' }, { previous: 'month' }, undefined] as const)(
  'the range %j survives the round trip through the URL',
  (range) => {
    const query = { version: 1, ...(range && { range }) } as const;
    expect(queryOfSearch(read(stringifySearch(searchOfQuery(query))), owner)).toEqual(query);
  },
);

test('an address without parameters means the last 24 hours, and that range adds no parameter', () => {
  expect(queryOfSearch(read(''), owner)).toEqual({ version: 1, range: { last: '24h' } });
  expect(searchOfQuery({ range: { last: '24h' } })).toEqual({});
});

test.each([
  'range=banana',
  'range=0d',
  'range=9999w',
  'range=previous:year',
  'from=yesterday',
  'from=2026-02-31T00:00:00Z',
  'from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z',
  'q=',
  'q=a&q=b',
  `q=${'x'.repeat(257)}`,
  'category=',
  'page=0',
  'page=1',
  'page=1.5',
  'page=Infinity',
  'pageSize=7',
  'pageSize=50',
  'order=desc',
  'sort=actor',
  'event=1',
  'savedView=x',
  'metadata={}',
  'metadata=[]',
  'metadata=[{"path":"a","op":"like","value":1}]',
  'metadata=[{',
  'metadata=[{"path":"a","op":"eq"}]',
  'metadata=[{"path":"a","op":"contains","value":""}]',
  'metadata=[{"path":"a","op":"exists","value":1}]',
  'metadata=[{"path":"a..b","op":"exists"}]',
  'metadata=[{"path":"a.b.c.d.e.f.g.h.i.j.k","op":"exists"}]',
  'workspace=nonsense',
  'from=1900-01-01T00:00:00Z',
  'to=2100-01-01T00:00:01Z',
  'from=2026-05-01T00:00:00.1234567Z',
  'cursor=',
  'ref=elsewhere',
  '__proto__=x',
])('malformed and default parameters are dropped: %s', (url) => {
  expect(read(url)).toEqual({});
});

test('the address of a view contains its filters and the default range, so that links show changes', () => {
  const savedView = PRODUCTION;
  const url = stringifySearch(searchOfQuery({ range: { last: '24h' } }, savedView));
  expect(read(url)).toEqual({ savedView, range: '24h' });
  expect(hasFilters(read(url))).toBe(true);
  expect(queryOfSearch(read(url), owner)).toEqual({ version: 1, range: { last: '24h' } });
});

test('a value too long or blank for a filter is not a filter value', () => {
  expect(['a', 'x'.repeat(256)].map(isFilterValue)).toEqual([true, true]);
  expect(['', ' ', 'x'.repeat(257), 'a\0'].map(isFilterValue)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test('a malformed parameter does not affect the others', () => {
  expect(read('category=auth&page=-3&category=billing&category=auth&pageSize=200')).toEqual({
    category: ['auth', 'billing'],
    pageSize: 200,
  });
});

test('absolute bounds override a range, and a cursor overrides a page', () => {
  expect(read('range=7d&from=2026-05-01T00:00:00Z&cursor=abc&page=3')).toEqual({
    from: '2026-05-01T00:00:00Z',
    cursor: 'abc',
  });
});

test('a member views one of their own workspaces, whatever the URL says', () => {
  expect(queryOfSearch({ workspace: [ABROAD, STAGING] }, member)['workspaceIds']).toEqual([
    PRODUCTION,
  ]);
  expect(queryOfSearch({}, member)['workspaceIds']).toEqual([PRODUCTION]);
  const ofTwo = person(false, [PRODUCTION, STAGING]);
  expect(lockedWorkspace({ workspace: [ABROAD, STAGING] }, ofTwo)).toBe(STAGING);
  expect(lockedWorkspace({}, person(false, []))).toBeUndefined();
  expect(queryOfSearch({}, owner)['workspaceIds']).toBeUndefined();
});

function person(companyWide: boolean, workspaces: readonly string[]): Me {
  return {
    user: { id: 'u', email: 'somebody@acme.test', name: 'Somebody' },
    company: { id: 'c', name: 'Acme', region: 'eu' },
    region: 'eu',
    role: companyWide ? 'OWNER' : 'MEMBER',
    workspaces: workspaces.map((id) => ({ id, name: id, state: 'ready' })),
    permissions: { administer: companyWide, companyWide },
    apiUrl: 'http://127.0.0.1:4600',
    maxDownloadBytes: 1,
    confirmRows: 1,
  };
}

test('an address with only a view is distinguished from one with filters', () => {
  const view = `savedView=${PRODUCTION}`;
  expect(hasFilters(read(`?${view}&page=2&ref=dashboard&event=${STAGING}`))).toBe(false);
  for (const filter of ['category=auth', 'range=7d', 'q=x', 'from=2026-05-01T00:00:00Z'])
    expect(hasFilters(read(`?${view}&${filter}`)), filter).toBe(true);
});

const ignoredNames = (url: string) =>
  checkEventSearch(parseSearch(url)).ignored.map(({ name }) => name);

test.each([
  ['range=banana', 'range'],
  ['from=yesterday', 'from'],
  ['from=2026-02-31', 'from'],
  ['to=2100-01-01T00:00:01Z', 'to'],
  ['from=2026-05-01T00:00:00 02:00', 'from'],
  ['q=', 'q'],
  ['q=a&q=b', 'q'],
  ['category=', 'category'],
  [`category=${'x'.repeat(257)}&category=auth`, 'category'],
  ['metadata=[{', 'metadata'],
  ['metadata=[{"path":"a","op":"like","value":1}]', 'metadata'],
  ['workspace=nonsense', 'workspace'],
  ['savedView=x', 'savedView'],
  ['range=7d&from=2026-05-01', 'range'],
  ['actr=foo', 'actr'],
  ['search=lukasz', 'search'],
  ['Category=auth', 'Category'],
  ['__proto__=x', '__proto__'],
  ['constructor=x', 'constructor'],
])('an ignored filter is listed and blocks exports: %s', (url, name) => {
  const { ignored } = checkEventSearch(parseSearch(url));
  expect(ignored.map((one) => one.name)).toEqual([name]);
  expect(ignored[0]?.reason).toMatch(/^[A-Z].*[.?]$/);
  expect(exportBlocked(ignored)).toContain(name);
});

test.each([
  ['page=-3', 'page'],
  ['pageSize=7', 'pageSize'],
  ['order=up', 'order'],
  ['sort=actor', 'sort'],
  ['event=1', 'event'],
  ['cursor=', 'cursor'],
  ['ref=elsewhere', 'ref'],
  ['cursor=abc&page=3', 'page'],
])(
  "malformed paging and sorting parameters are listed and don't block exports: %s",
  (url, name) => {
    const { ignored } = checkEventSearch(parseSearch(url));
    expect(ignored.map((one) => one.name)).toEqual([name]);
    expect(exportBlocked(ignored)).toBeNull();
  },
);

test('both bounds of a range that ends before it starts are listed as ignored', () => {
  expect(ignoredNames('from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z')).toEqual(['from', 'to']);
});

test.each([
  'page=1&pageSize=50&order=desc&sort=timestamp&range=24h',
  'category=auth&category=auth&q=x',
  '',
])('a valid address has no ignored parameters: %s', (url) => {
  expect(ignoredNames(url)).toEqual([]);
});

test("a mistyped name and the API's names get a suggestion", () => {
  const reasonOf = (url: string) => checkEventSearch(parseSearch(url)).ignored[0]?.reason;
  expect(reasonOf('actr=foo')).toContain('Did you mean actor?');
  expect(reasonOf('search=foo')).toContain('Did you mean q?');
  expect(reasonOf('actorEmails=foo')).toContain('Did you mean actor?');
  expect(reasonOf('utm_source=mail')).not.toContain('Did you mean');
});

test('a date without a time in a link means the whole day in UTC', () => {
  expect(read('from=2026-07-01&to=2026-09-30')).toEqual({
    from: '2026-07-01T00:00:00Z',
    to: '2026-10-01T00:00:00Z',
  });
  expect(read('from=2026-07-01&to=2026-07-01')).toEqual({
    from: '2026-07-01T00:00:00Z',
    to: '2026-07-02T00:00:00Z',
  });
  expect(read('to=2099-12-31')).toEqual({ to: '2100-01-01T00:00:00Z' });
});

test('an ignored filter stays in the address until it is resolved', () => {
  const address = parseSearch('actr=foo&category=&page=-3&range=banana');
  const { ignored } = checkEventSearch(address);
  expect(unresolvedParameters(address, ignored, { q: 'x' })).toEqual({
    actr: 'foo',
    category: '',
    range: 'banana',
  });
  expect(unresolvedParameters(address, ignored, { category: ['a'] }, ['range'])).toEqual({
    actr: 'foo',
  });
});
