import { expect, test } from 'vitest';
import { PERMISSIONS } from '../../api/keys.ts';
import { keyWarnings } from './key-warnings.ts';

const NOW = new Date('2026-05-14T12:00:00Z');
const KEY = {
  createdAt: '2026-05-01T00:00:00Z',
  expiresAt: '2026-08-01T00:00:00Z',
  workspaceId: 'workspace',
  permissions: PERMISSIONS,
};

test('a young workspace key with an expiry date has no warnings', () => {
  expect(keyWarnings(KEY, NOW)).toEqual([]);
});

test('each reason that lowers the health score of a key has its own warning', () => {
  expect(keyWarnings({ ...KEY, expiresAt: null }, NOW)).toEqual(['Never expires']);
  expect(keyWarnings({ ...KEY, expiresAt: '2026-05-20T00:00:00Z' }, NOW)).toEqual([
    'Expires in 6 days',
  ]);
  expect(keyWarnings({ ...KEY, createdAt: '2025-05-01T00:00:00Z' }, NOW)).toEqual([
    'Older than a year',
  ]);
  expect(keyWarnings({ ...KEY, workspaceId: null }, NOW)).toEqual(['Full access']);
  expect(keyWarnings({ ...KEY, workspaceId: null, permissions: ['exports:read'] }, NOW)).toEqual(
    [],
  );
});
