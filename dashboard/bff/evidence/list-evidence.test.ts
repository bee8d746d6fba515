import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { startDashboard } from '../start-dashboard.ts';
import { startFakeApi } from '../testing/fake-api.ts';
import { createDashboardDatabase, expectProblem, signIn } from '../testing/test-dashboard.ts';
import { appendEvidence } from './append-evidence.ts';

test('evidence is paged without gaps or duplicates, can be filtered, and its CSV export escapes formulas', async () => {
  await using db = await createDashboardDatabase();
  await using api = await startFakeApi();
  const dashboard = await startDashboard(db.options(api.url));
  try {
    const [company, other] = [await db.company(), await db.company()];
    const jobId = randomUUID();
    for (let index = 0; index < 25; index += 1) {
      await appendEvidence(db.pool, {
        companyId: company.id,
        action: index % 2 === 0 ? 'EXPORT_REQUESTED' : 'MEMBER_CHANGED',
        actor: { type: 'user', id: `user ${index % 5}`, label: '=HYPERLINK("x","y")' },
        origin: { requestId: null, ip: '::1', userAgent: 'a "quoted", agent' },
        at: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
        filters: { version: 1 },
        details: { purpose: '=AUD-142' },
        ...(index === 3 ? { jobId } : {}),
      });
    }
    const admin = await signIn(dashboard.url, company.email('ADMIN'));
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const page = await admin.json('GET', `/api/evidence?limit=10${cursor}`);
      seen.push(...(page['data'] as { id: string }[]).map(({ id }) => id));
      cursor = page['nextCursor'] === null ? '' : `&cursor=${page['nextCursor'] as string}`;
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
    const count = async (query: string) =>
      ((await admin.json('GET', `/api/evidence?limit=200&${query}`))['data'] as unknown[]).length;
    expect(await count('type=EXPORT_REQUESTED')).toBe(13);
    expect(await count('type=EXPORT_REQUESTED&type=MEMBER_CHANGED&user=user%201')).toBe(5);
    expect(await count(`jobId=${jobId}`)).toBe(1);
    expect(await count('from=2026-01-03T00:00:00Z&to=2026-01-05T00:00:00Z')).toBe(2);
    await expectProblem(await admin.send('GET', '/api/evidence?cursor=nonsense'), 'INVALID_CURSOR');
    await expectProblem(
      await admin.send('GET', '/api/evidence?typ=EXPORT_RERUN'),
      'VALIDATION_FAILED',
    );
    // Times outside 1970 to 2100 or with an invalid offset.
    for (const time of [
      '0000-01-01T00:00:00Z',
      '2026-01-01T00:00:00+16:00',
      '2100-01-02T00:00:00Z',
    ])
      for (const format of ['json', 'csv'])
        await expectProblem(
          await admin.send(
            'GET',
            `/api/evidence?format=${format}&from=${encodeURIComponent(time)}`,
          ),
          'VALIDATION_FAILED',
        );

    const file = await admin.send('GET', '/api/evidence?format=csv');
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const text = await file.text();
    expect(text.split('\r\n')).toHaveLength(28);
    const parsed = parse(text, { columns: true }) as Record<string, string>[];
    // The export itself is the newest row.
    expect(parsed.shift()).toMatchObject({ type: 'EVIDENCE_EXPORTED' });
    expect(parsed.map(({ id }) => id)).toEqual(seen);
    expect(parsed[0]).toMatchObject({
      user: `'=HYPERLINK("x","y")`,
      userAgent: 'a "quoted", agent',
      purpose: `'=AUD-142`,
    });
    expect(text).toMatch(/^[^\r]*,requestId,purpose,details\r\n/);
    const stranger = await signIn(dashboard.url, other.email('OWNER'));
    expect(await stranger.json('GET', '/api/evidence')).toEqual({ data: [], nextCursor: null });
  } finally {
    await dashboard.stop();
  }
});

test('a page of large evidence rows ends early, and the next page continues after it', async () => {
  await using db = await createDashboardDatabase();
  await using api = await startFakeApi();
  const dashboard = await startDashboard(db.options(api.url));
  try {
    const company = await db.company();
    const mebibyte = { version: 1, search: 'x'.repeat(1024 * 1024) };
    for (let index = 0; index < 20; index += 1) {
      await appendEvidence(db.pool, {
        companyId: company.id,
        action: 'EXPORT_REQUESTED',
        actor: { type: 'user', id: `user ${index}`, label: 'a person' },
        origin: { requestId: null, ip: '::1', userAgent: null },
        at: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
        filters: index === 12 ? { ...mebibyte, more: 'y'.repeat(9 * 1024 * 1024) } : mebibyte,
        details: {},
      });
    }
    const admin = await signIn(dashboard.url, company.email('ADMIN'));
    const pages: string[][] = [];
    let cursor = '';
    do {
      const page = await admin.json('GET', `/api/evidence?limit=200${cursor}`);
      const rows = page['data'] as Record<string, unknown>[];
      expect(Object.keys(rows[0] ?? {})).not.toContain('found');
      pages.push(rows.map(({ user }) => (user as { id: string }).id));
      cursor = page['nextCursor'] === null ? '' : `&cursor=${page['nextCursor'] as string}`;
    } while (cursor !== '');
    const newestFirst = Array.from({ length: 20 }, (_, index) => `user ${19 - index}`);
    expect(pages.flat()).toEqual(newestFirst);
    expect(pages.map(({ length }) => length)).toEqual([8, 8, 4]);
    const file = await admin.send('GET', '/api/evidence?format=csv');
    const parsed = parse(await file.text(), { columns: true }) as Record<string, string>[];
    expect(parsed.slice(1).map(({ userId }) => userId)).toEqual(newestFirst);
  } finally {
    await dashboard.stop();
  }
});
