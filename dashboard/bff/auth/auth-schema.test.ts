import { getMigrations } from 'better-auth/db/migration';
import { expect, test } from 'vitest';
import { createDashboardDatabase } from '../testing/test-dashboard.ts';
import { createAuth } from './create-auth.ts';

test('the auth tables match the schema of the installed better-auth version', async () => {
  await using db = await createDashboardDatabase();
  const secret = 'a'.repeat(16) + '0123456789abcdef';
  const auth = createAuth({ pool: db.pool, secret, publicUrl: 'http://127.0.0.1' });
  const { toBeCreated, toBeAdded } = await getMigrations(auth.options);
  expect(toBeCreated).toEqual([]);
  expect(toBeAdded).toEqual([]);
});
