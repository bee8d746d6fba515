import { expect, test } from 'vitest';
import type { EventQuery } from '../api/event-query.ts';
import { describeQuery, withoutPhrase } from './describe-query.ts';

const NAMES: Readonly<Record<string, string>> = { w1: 'Production', w2: 'Staging' };
const inWords = (query: EventQuery, zone = 'UTC') =>
  describeQuery(query, { zone, workspaceName: (id) => NAMES[id] ?? id }).map(
    ({ name, value }) => `${name}: ${value}`,
  );

test('a filter is described with the time range last', () => {
  expect(
    inWords({
      range: { last: '7d' },
      search: 'needle',
      metadata: [
        { path: 'request.status', op: 'eq', value: 418 },
        { path: 'note', op: 'contains', value: 'late' },
        { path: 'ticket', op: 'exists' },
      ],
      actions: ['a', 'b', 'c', 'd'],
      categories: ['auth', 'billing'],
      tags: ['x', 'y', 'z'],
      workspaceIds: ['w2', 'gone'],
    }),
  ).toEqual([
    'Workspace: Staging or gone',
    'Category: auth or billing',
    'Action: a, b or 2 more',
    'Tag: x, y or z',
    'Search: “needle”',
    'Metadata: request.status = 418',
    'Metadata: note contains "late"',
    'Metadata: ticket exists',
    'Time: Last 7 days',
  ]);
});

test.each([
  [{}, 'All time'],
  [{ range: { last: '1h' } }, 'Last hour'],
  [{ range: { last: '45m' } }, 'Last 45 minutes'],
  [{ range: { previous: 'day' } }, 'Yesterday (UTC)'],
  [{ range: { previous: 'month' } }, 'Previous month (UTC)'],
  [{ from: '2026-05-01T00:00:00Z' }, 'Since 2026-05-01 00:00:00 UTC'],
  [{ to: '2026-05-01T00:00:00Z' }, 'Before 2026-05-01 00:00:00 UTC'],
] as const)('the time range of %j is described as “%s”', (query, text) => {
  expect(inWords(query)).toEqual([`Time: ${text}`]);
});

test('times are described in the displayed time zone', () => {
  expect(
    inWords({ from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' }, 'Asia/Tokyo'),
  ).toEqual(['Time: 2026-05-01 09:00:00 +09:00 – 2026-05-02 09:00:00 +09:00 (exclusive)']);
});

test('removing a phrase of several metadata conditions removes only its own', () => {
  const query = {
    actorEmails: ['a@acme.test'],
    metadata: [
      { path: 'a', op: 'exists' },
      { path: 'b', op: 'exists' },
    ],
  } as const;
  const [actor, first, second] = describeQuery(query, { zone: 'UTC', workspaceName: String });
  if (!actor || !first || !second) throw new Error('three phrases');
  expect(withoutPhrase(query, actor)).toEqual({ metadata: query.metadata });
  const one = withoutPhrase(query, first);
  expect(one.metadata).toEqual([query.metadata[1]]);
  expect(withoutPhrase({ metadata: [query.metadata[0]] }, first)).toEqual({});
  expect(withoutPhrase(query, second).metadata).toEqual([query.metadata[0]]);
});

test('the time received is one phrase that can be removed', () => {
  const query = {
    range: { last: '7d' },
    apiKeyIds: ['k1'],
    receivedFrom: '2026-05-01T00:00:00Z',
    receivedTo: '2026-05-02T00:00:00Z',
  } as const;
  const phrases = describeQuery(query, { zone: 'UTC', workspaceName: (id) => id });
  expect(phrases.map(({ name, value }) => `${name}: ${value}`)).toEqual([
    'API key: k1',
    'Received: 1 May 2026 (UTC)',
    'Time: Last 7 days',
  ]);
  const received = phrases.find(({ name }) => name === 'Received');
  expect(received && withoutPhrase(query, received)).toEqual({
    range: { last: '7d' },
    apiKeyIds: ['k1'],
  });
});
