import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDashboardDatabase, type TestDashboardDatabase } from './testing/test-dashboard.ts';
import { purgeExpired } from './purge.ts';

let db: TestDashboardDatabase;
beforeAll(async () => {
  db = await createDashboardDatabase();
});
afterAll(async () => db?.[Symbol.asyncDispose]());

test('two dashboards that purge at the same time remove exactly the expired rows', async () => {
  const company = await db.company();
  const insert = (statement: string, ...values: unknown[]) => db.pool.query(statement, values);
  await insert(
    `INSERT INTO "session" ("expiresAt", "token", "updatedAt", "userId")
     SELECT now() + make_interval(secs => CASE WHEN n <= 1500 THEN -1 ELSE 3600 END), n::text, now(),
            (SELECT id FROM "user" LIMIT 1) FROM generate_series(1, 1503) n`,
  );
  await insert(
    `INSERT INTO "verification" ("identifier", "value", "expiresAt")
     VALUES ('old', 'x', now() - interval '1 second'), ('new', 'x', now() + interval '1 hour')`,
  );
  await insert(
    `INSERT INTO invitations (company_id, invitation_id, secret_hash, email, role, workspace_ids, invited_by,
                              created_at, expires_at, accepted_at)
     SELECT $1, gen_random_uuid(), sha256(days::text::bytea), 'a@example.test', 'ADMIN', '{}', gen_random_uuid(),
            now(), now() - make_interval(days => days), accepted
       FROM (VALUES (31, NULL::timestamptz), (40, now() - interval '45 days'), (29, NULL), (60, now()), (-1, NULL))
            AS v(days, accepted)`,
    company.id,
  );
  await insert(
    `INSERT INTO password_attempts (subject, attempts, window_start)
     VALUES ('account:old', 1, now() - interval '16 minutes'), ('account:new', 1, now())`,
  );
  const removed = await Promise.all([purgeExpired(db.pool), purgeExpired(db.pool)]);
  expect(removed[0] + removed[1]).toBe(1500 + 1 + 2 + 1);
  const { rows } = await db.pool.query(
    `SELECT (SELECT count(*) FROM "session")::int AS sessions, (SELECT count(*) FROM "verification")::int AS verifications,
            (SELECT count(*) FROM invitations)::int AS invitations,
            (SELECT count(*) FROM password_attempts WHERE subject LIKE 'account:%')::int AS attempts`,
  );
  expect(rows).toEqual([{ sessions: 3, verifications: 1, invitations: 3, attempts: 1 }]);
});
