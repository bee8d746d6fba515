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

/** Creates a home with a config file. The environment is empty unless the test sets it. */
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
  test('reads URL and key from a config file with mode 0600', async () => {
    const { list } = await homeWith(configText(), 0o600);
    expect(await list()).toMatchObject({ code: 0, stdout: '[]\n' });
  });

  test.each([0o640, 0o604, 0o644])(
    'rejects a config file with mode %o and suggests chmod',
    async (mode) => {
      const { list, path } = await homeWith(configText(), mode);
      const { code, stderr } = await list();
      expect(code).toBe(3);
      expect(stderr).toContain(
        `has mode 0${mode.toString(8)}, so other users can read the key in it`,
      );
      expect(stderr).toContain(`chmod 600 ${path}`);
    },
  );

  test('ignores the config file if the environment has URL and key, and --api-url overrides both', async () => {
    const { list } = await homeWith(configText(), 0o644);
    const environment = { EXHIBIT_API_KEY: server.key, EXHIBIT_API_URL: server.url };
    expect(await list(environment)).toMatchObject({ code: 0 });
    const elsewhere = { ...environment, EXHIBIT_API_URL: 'http://127.0.0.1:9' };
    expect(await list(elsewhere, '--api-url', server.url)).toMatchObject({ code: 0 });
  });

  test('does not quote an invalid config file in the error', async () => {
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
  test('exits 3 when no API key is configured', async () => {
    const { list } = await homeWith('{}', 0o600);
    const { code, stdout } = await list();
    expect(code).toBe(3);
    expect(JSON.parse(stdout).error.detail).toContain('Set EXHIBIT_API_KEY');
  });

  test('rejects an API key given as an argument without printing it', async () => {
    const { cli } = await homeWith('{}', 0o600);
    // runCli checks that neither output contains the key.
    for (const args of [[`--api-key=${server.key}`], [server.key]])
      expect((await runCli(cli, ['exports', 'list', ...args])).code).toBe(2);
    expect((await runCli(cli, ['exports', 'list', '--demo', server.key])).code).toBe(3);
    expect((await runCli(cli, ['import', server.key])).code).toBe(2);
  });
});

test('--demo uses the API key and the workspace names of the demo', async () => {
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
  const unknown = await runCli(cli, [...args, '--demo', 'unknown'], options);
  expect(unknown).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Its companies: Acme'),
  });
});
