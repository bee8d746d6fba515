import { expect, test } from 'vitest';
import { readSignInSearch } from './sign-in-search.ts';

test('sign-in continues to a requested page of this app', () => {
  for (const next of ['/', '/events?category=a%2Fb', '/exports/1#x'])
    expect(readSignInSearch({ next })).toEqual({ next });
});

test.each([
  'https://elsewhere.invalid',
  '//elsewhere.invalid',
  '/\\elsewhere.invalid',
  '/\t/elsewhere.invalid',
  '/\n/elsewhere.invalid',
  'javascript:alert(1)',
  ' /events',
  '',
  ['/events'],
  undefined,
])('sign-in ignores the requested page %j', (next) => {
  expect(readSignInSearch({ next })).toEqual({});
});
