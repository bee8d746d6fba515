import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startFakeApi } from '../testing/fake-api.ts';
import { type CliEnvironment, runCli, startCli } from '../testing/run-cli.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { patient } from '../../../testing/patience.ts';

// Each command is a process that loads the whole program.
vi.setConfig({ testTimeout: patient(90_000) });

let server: TestServer;
let cli: CliEnvironment;

beforeAll(async () => {
  // Without a worker the job stays pending until Ctrl-C.
  server = await startTestServer({ worker: false });
  cli = { url: server.url, key: server.key, directory: server.directory };
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

async function statusOfNewestJob(): Promise<string | undefined> {
  const sql = 'SELECT status FROM export_jobs ORDER BY created_at DESC LIMIT 1';
  return (await server.region.owner.query<{ status: string }>(sql)).rows[0]?.status;
}

describe('Ctrl-C', () => {
  test('one Ctrl-C cancels the job and exits 130', async () => {
    const { child, ended } = startCli(cli, ['export', '--json']);
    await vi.waitFor(async () => expect(await statusOfNewestJob()).toBe('pending'), {
      timeout: patient(10_000),
      interval: 10,
    });
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('The export ended with status canceled.');
    expect(JSON.parse(stdout)).toMatchObject({ job: { status: 'canceled' } });
    expect(await statusOfNewestJob()).toBe('canceled');
  });

  test('a second Ctrl-C exits without waiting for the server', async () => {
    const asked = Promise.withResolvers<void>();
    const waiting = Promise.withResolvers<void>();
    const job = JSON.stringify({ jobId: 'j', status: 'pending', rowsExported: 0 });
    await using fake = await startFakeApi(({ method, url }, response) => {
      if (url?.endsWith('/cancel') === true) {
        asked.resolve();
        return;
      }
      if (method === 'GET') waiting.resolve();
      response.setHeader('content-type', 'application/json').end(job);
    });
    const { child, ended } = startCli({ ...cli, url: fake.url }, ['export']);
    await waiting.promise;
    child.kill('SIGINT');
    await asked.promise;
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });

  test('Ctrl-C during an import completes the batches in flight and exits 130', async () => {
    const { company, key } = await server.anotherCompany();
    const environment = { ...cli, key };
    const args = ['import', '-', '--workspace', company.workspaceIds[0], '--json'];
    const { child, ended } = startCli(environment, args);
    const line = (n: number) => `{"category":"c","action":"a","metadata":{"n":${n}}}\n`;
    // Standard input stays open: slow input is sent, and Ctrl-C does not wait for more.

    child.stdin.write(line(1) + line(2));
    await vi.waitFor(async () => expect(await server.eventCount(company.id)).toBe(2), {
      timeout: patient(10_000),
      interval: 10,
    });
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ created: 2 });
    const input = line(1) + line(2) + line(3);
    expect(await runCli(environment, args, { input })).toMatchObject({ code: 0 });
    expect(await server.eventCount(company.id)).toBe(3);
  });
});
