import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testUser, type TestUser } from '../../../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { startExport } from '../../../../../testing/finished-export.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../../../testing/test-region.ts';
import { withoutInsert } from '../../../../../testing/without-privilege.ts';

interface Outbox {
  readonly data: readonly {
    readonly outboxId: string;
    readonly companyId: string;
    readonly action: string;
    readonly subject: { readonly id: string };
  }[];
}

let region: TestRegion;
let api: TestApi;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const systemOf = (companyId: string) => testUser(api, { companyId, role: 'SYSTEM' });

describe('PUT /dashboard/company', () => {
  const read = async (companyId: string) => {
    const { rows } = await region.owner.query(
      `SELECT c.name AS company, w.workspace_id, w.name, h.seq FROM companies c
       LEFT JOIN workspaces w USING (company_id) LEFT JOIN workspace_heads h USING (company_id, workspace_id)
       WHERE company_id = $1 ORDER BY w.name`,
      [companyId],
    );
    return rows;
  };

  test('PUT /dashboard/company creates a usable company, changes nothing if repeated, and renames with new names', async () => {
    const companyId = randomUUID();
    const [a, b] = [randomUUID(), randomUUID()];
    const put = (name: string, workspaces: object[]) =>
      systemOf(companyId).json('PUT', '/company', { body: { name, workspaces }, status: 204 });
    await put('Acme', [{ id: a, name: 'Alpha' }]);
    const company = { id: companyId, workspaceIds: [a] as [string] };
    const body = { workspaceId: a, category: 'c', action: 'a' };
    expect(
      (await api.request(await region.key(company), 'POST', '/v1/events', { body })).status,
    ).toBe(201);
    await put('Acme', [{ id: a, name: 'Alpha' }]);
    await put('Acme Inc.', [
      { id: a, name: 'First' },
      { id: b, name: 'Second' },
    ]);
    expect(await read(companyId)).toEqual([
      { company: 'Acme Inc.', workspace_id: a, name: 'First', seq: 1 },
      { company: 'Acme Inc.', workspace_id: b, name: 'Second', seq: 0 },
    ]);
    await put('Acme Inc.', []);
    expect(await read(companyId)).toHaveLength(2);
  });

  test('concurrent PUT /dashboard/company requests create the company once', async () => {
    const companyId = randomUUID();
    const body = {
      name: 'n',
      workspaces: [
        { id: randomUUID(), name: 'w' },
        { id: randomUUID(), name: 'x' },
      ],
    };
    const system = systemOf(companyId);
    await Promise.all(
      Array.from({ length: 8 }, () => system.json('PUT', '/company', { body, status: 204 })),
    );
    expect(await read(companyId)).toHaveLength(2);
  });

  test.each([
    {},
    { name: '', workspaces: [] },
    { name: 'n'.repeat(201), workspaces: [] },
    { name: 'n', workspaces: [{ id: 'x', name: 'w' }] },
    { name: 'n', workspaces: [], colour: 'red' },
  ])('PUT /dashboard/company refuses the body %j', async (body) => {
    await expectProblem(
      await systemOf(randomUUID()).request('PUT', '/company', { body }),
      'VALIDATION_FAILED',
    );
  });
});

describe('the outbox of audit entries', () => {
  const read = async (system: TestUser) => (await system.json<Outbox>('GET', '/outbox')).data;

  test('the outbox returns actions of API keys of all companies, oldest first, until they are acknowledged', async () => {
    const companies = [await region.company(), await region.company()];
    const made: string[] = [];
    for (const company of companies) {
      const key = await region.key(company);
      const { jobId } = await startExport(api, key, { format: 'CSV' });
      await api.request(key, 'POST', `/v1/exports/${jobId}/cancel`);
      made.push(jobId, jobId);
    }
    const user = testUser(api, { companyId: companies[0]?.id ?? '' });
    await user.json('POST', '/exports', { body: { format: 'CSV' }, status: 201 });
    const system = systemOf(randomUUID());
    const entries = await read(system);
    expect(entries.map(({ subject }) => subject.id)).toEqual(made);
    expect(entries[0]).toEqual({
      outboxId: expect.any(String) as string,
      companyId: companies[0]?.id,
      at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      action: 'EXPORT_REQUESTED',
      actor: { type: 'api_key', id: expect.any(String) as string, label: 'test' },
      subject: { type: 'export', id: made[0] },
      details: expect.objectContaining({ format: 'CSV' }) as object,
      requestId: expect.any(String) as string,
      ip: '127.0.0.1',
      userAgent: expect.any(String) as string,
    });
    expect((await system.json<Outbox>('GET', '/outbox?limit=1')).data).toEqual(entries.slice(0, 1));
    const ack = (outboxIds: string[]) =>
      system.json('POST', '/outbox/ack', { body: { outboxIds }, status: 204 });
    const first = entries[0]?.outboxId ?? '';
    await ack([first]);
    await ack([first, randomUUID()]);
    expect(await read(system)).toEqual(entries.slice(1));
    await ack(entries.map(({ outboxId }) => outboxId));
    expect(await read(system)).toEqual([]);
  });

  test('a page of the outbox ends before it is too large to transfer, and the next page continues', async () => {
    const system = systemOf(randomUUID());
    const company = await region.company();
    const key = await region.key(company);
    const made: string[] = [];
    for (let count = 0; count < 3; count++)
      made.push((await startExport(api, key, { format: 'CSV' })).jobId);
    await region.owner.query(
      `UPDATE audit_log SET details = json_build_object('filters', repeat('x', 5000000)) WHERE company_id = $1`,
      [company.id],
    );
    const taken: string[] = [];
    for (let page = await read(system); page.length > 0; page = await read(system)) {
      expect(page).toHaveLength(1);
      taken.push(...page.map(({ subject }) => subject.id));
      const outboxIds = page.map(({ outboxId }) => outboxId);
      await system.json('POST', '/outbox/ack', { body: { outboxIds }, status: 204 });
    }
    expect(taken).toEqual(made);
  });

  test('the backlog of one company does not delay the outbox entries of another company', async () => {
    const system = systemOf(randomUUID());
    const [busy, quiet] = [await region.company(), await region.company()];
    const busyKey = await region.key(busy);
    for (let count = 0; count < 5; count++) await startExport(api, busyKey, { format: 'CSV' });
    const { jobId } = await startExport(api, await region.key(quiet), { format: 'CSV' });
    const page = (await system.json<Outbox>('GET', '/outbox?limit=2')).data;
    expect(page.map(({ companyId }) => companyId)).toEqual([busy.id, quiet.id]);
    expect(page[1]?.subject.id).toBe(jobId);
    // Large entries, which end a page early, do not delay them either.
    await region.owner.query(
      `UPDATE audit_log SET details = json_build_object('filters', repeat('x', 5000000)) WHERE company_id = $1`,
      [busy.id],
    );
    expect((await read(system)).map(({ companyId }) => companyId)).toEqual([busy.id, quiet.id]);
    const outboxIds = (await system.json<Outbox>('GET', '/outbox?limit=1')).data;
    expect(outboxIds).toHaveLength(1);
    await region.owner.query('DELETE FROM audit_outbox');
  });

  test('an action and its outbox entry are committed together or not at all', async () => {
    const company = await region.company();
    const key = await region.key(company);
    const answer = await withoutInsert(region.owner, 'audit_outbox', () =>
      api.request(key, 'POST', '/v1/exports', { body: { format: 'CSV' } }),
    );
    expect(answer.status).toBe(500);
    const { rows } = await region.owner.query('SELECT FROM export_jobs WHERE company_id = $1', [
      company.id,
    ]);
    expect(rows).toEqual([]);
  });
});
