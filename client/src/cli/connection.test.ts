import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCli } from '../testing/run-cli.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { patient } from '../../../testing/patience.ts';

// Each command is a process that loads the whole program.
vi.setConfig({ testTimeout: patient(90_000) });

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ worker: false });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

/** A home with a config file; nothing in the environment, unless a test says so. */
async function homeWith(config: string, mode: number) {
  const directory = await mkdtemp(join(server.directory, 'home-'));
  await mkdir(join(directory, 'exhibit'));
  const path = join(directory, 'exhibit', 'config.json');
  await writeFile(path, config);
  await chmod(path, mode);
  const cli = { url: server.url, key: server.key, directory };
  const list = (env: Record<string, string> = {}, ...args: string[]) =>
    runCli(cli, ['exports', 'list', '--json', ...args], {
      env: { EXHIBIT_API_KEY: '', EXHIBIT_API_URL: '', ...env },
    });
  return { cli, path, list };
}

function configText(): string {
  return JSON.stringify({ apiUrl: server.url, apiKey: server.key });
}

describe('the config file', () => {
  test('with mode 0600 gives address and key', async () => {
    const { list } = await homeWith(configText(), 0o600);
    expect(await list()).toMatchObject({ code: 0, stdout: '[]\n' });
  });

  test.each([0o640, 0o604, 0o644])('with mode %o is refused, with the remedy', async (mode) => {
    const { list, path } = await homeWith(configText(), mode);
    const { code, stderr } = await list();
    expect(code).toBe(3);
    expect(stderr).toContain(`has mode 0${mode.toString(8)}, so others can read the key in it`);
    expect(stderr).toContain(`chmod 600 ${path}`);
  });

  test('is not needed when the environment has both, and an option wins over all addresses', async () => {
    const { list } = await homeWith(configText(), 0o644);
    const environment = { EXHIBIT_API_KEY: server.key, EXHIBIT_API_URL: server.url };
    expect(await list(environment)).toMatchObject({ code: 0 });
    const elsewhere = { ...environment, EXHIBIT_API_URL: 'http://127.0.0.1:9' };
    expect(await list(elsewhere, '--api-url', server.url)).toMatchObject({ code: 0 });
  });

  test('that is broken is not quoted', async () => {
    const { list } = await homeWith(`{"apiKey": "${server.key}`, 0o600);
    expect(await list()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not valid JSON'),
    });
    const misspelt = await homeWith(`{"apikey": "${server.key}"}`, 0o600);
    expect(await misspelt.list()).toMatchObject({ stderr: expect.stringContaining('"apikey"') });
  });
});

describe('an API key', () => {
  test('that is nowhere is asked for, exit 3', async () => {
    const { list } = await homeWith('{}', 0o600);
    const { code, stdout } = await list();
    expect(code).toBe(3);
    expect(JSON.parse(stdout).error.detail).toContain('Set EXHIBIT_API_KEY');
  });

  test('typed as an argument is refused and not repeated', async () => {
    const { cli } = await homeWith('{}', 0o600);
    // runCli checks that the key is in neither output.
    for (const args of [[`--api-key=${server.key}`], [server.key]])
      expect((await runCli(cli, ['exports', 'list', ...args])).code).toBe(2);
    expect((await runCli(cli, ['exports', 'list', '--demo', server.key])).code).toBe(3);
    expect((await runCli(cli, ['import', server.key])).code).toBe(2);
  });
});

test('--demo takes the key and the workspace names of the demo', async () => {
  const { cli } = await homeWith('{}', 0o600);
  const workspaces = [{ id: server.workspaceId, name: 'Production' }];
  const company = { name: 'Acme', workspaces, apiKeys: { company: server.key } };
  const demo = { apiUrl: server.url, companies: [company] };
  await writeFile(join(cli.directory, 'demo.json'), JSON.stringify(demo));
  const options = {
    env: { EXHIBIT_API_KEY: '', EXHIBIT_API_URL: '', EXHIBIT_HOME: cli.directory },
    input: '{"category":"c","action":"a"}\n',
  };
  const args = ['import', '-', '--workspace', 'production', '--json'];
  const stored = await runCli(cli, [...args, '--demo', 'acme'], options);
  expect(JSON.parse(stored.stdout)).toMatchObject({ created: 1 });
  const again = await runCli(cli, [...args, '--demo'], options);
  expect(JSON.parse(again.stdout)).toMatchObject({ replayed: 1 });
  const unknown = await runCli(cli, [...args, '--demo', 'nobody'], options);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('it has: Acme') });
});
