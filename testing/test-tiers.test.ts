import { expect, test } from 'vitest';
import { listTestFiles, type Tier, tierOf } from './test-tiers.ts';

test.each<[string, Tier]>([
  ['client/src/retry.test.ts', 'unit'],
  ['server/src/events/query/fold-case.test.ts', 'unit'],
  ['server/src/regions/transaction.test.ts', 'database'],
  ['dashboard/bff/auth/sessions.test.ts', 'database'],
  ['server/src/storage/s3/s3-bucket.test.ts', 'database'],
  ['client/src/cli/export/export.test.ts', 'system'],
  ['server/src/exports/run/killed-worker.test.ts', 'system'],
  ['dashboard/bff/isolation.fuzz.test.ts', 'system'],
  ['e2e/up.test.ts', 'system'],
  ['e2e/browser/accessible.test.ts', 'browser'],
])('the test file %s is in the tier %s', (path, tier) => {
  expect(tierOf(path)).toBe(tier);
});

test('every test file is in exactly one tier, and every tier has files', () => {
  const tiers = listTestFiles();
  const all = Object.values(tiers).flat();
  expect(new Set(all).size).toBe(all.length);
  for (const files of Object.values(tiers)) expect(files.length).toBeGreaterThan(10);
});
