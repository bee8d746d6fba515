import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runProgram } from './testing/run-program.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';
import { patient } from '../../testing/patience.ts';

vi.setConfig({ testTimeout: patient(90_000) });

const EXAMPLES = fileURLToPath(new URL('../examples/', import.meta.url));
const BUILD = fileURLToPath(new URL('../scripts/build.ts', import.meta.url));
const MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

function environment() {
  return {
    EXHIBIT_API_URL: server.url,
    EXHIBIT_API_KEY: server.key,
    EXHIBIT_WORKSPACE_ID: server.workspaceId,
  };
}

async function expectExamplesToWork(
  run: (name: string, ...args: string[]) => ReturnType<typeof runProgram>,
): Promise<void> {
  expect((await run('send-events')).stdout).toMatch(/^(2 stored, 0|0 stored, 2) already stored\n$/);
  expect((await run('send-events')).stdout).toBe('0 stored, 2 already stored\n');
  expect((await run('list-events')).stdout).toBe('2026-05-14T09:30:00Z ana@acme.test\n');
  const file = join(server.directory, 'example.jsonl.gz');
  expect((await run('export-to-file', file)).stdout).toMatch(
    /^2 rows, \d+ bytes, SHA-256 [0-9a-f]{64}\n$/,
  );
  expect(
    gunzipSync(await readFile(file))
      .toString('utf8')
      .split('\n'),
  ).toHaveLength(3);
  expect((await run('handle-errors')).stdout).toMatch(
    /^400 EMPTY_FILTER: .*\n {2}filters\.categories: /,
  );
}

describe('the examples', () => {
  test('the documented examples are the files in examples/', async () => {
    const names = ['export-to-file.ts', 'handle-errors.ts', 'list-events.ts', 'send-events.ts'];
    expect((await readdir(EXAMPLES)).toSorted()).toEqual(names);
  });

  test('the examples run unchanged', async () => {
    await expectExamplesToWork((name, ...args) =>
      runProgram(process.execPath, [join(EXAMPLES, `${name}.ts`), ...args], environment()),
    );
  });

  const other = otherNode();
  test.skipIf(other === undefined)(
    `the examples run with the built package on the system's Node (${other ?? 'none found'})`,
    async () => {
      const directory = await mkdtemp(join(server.directory, 'built-'));
      const modules = join(directory, 'node_modules');
      await mkdir(join(modules, '@exhibit'), { recursive: true });
      await symlink(join(MODULES, '@noble'), join(modules, '@noble'));
      execFileSync(process.execPath, [BUILD, join(modules, '@exhibit/client')]);
      for (const name of await readdir(EXAMPLES)) {
        const script = stripTypeScriptTypes(await readFile(join(EXAMPLES, name), 'utf8'));
        await writeFile(join(directory, name.replace('.ts', '.mjs')), script);
      }
      const built = await readFile(join(modules, '@exhibit/client/client.js'), 'utf8');
      expect(built).not.toContain('node:');
      await expectExamplesToWork((name, ...args) =>
        runProgram(other ?? '', [join(directory, `${name}.mjs`), ...args], environment()),
      );
    },
  );
});

/** Finds a Node in PATH, version 20.19 or later, other than the one in node_modules. */
function otherNode(): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  return directories
    .filter((directory) => !directory.includes('node_modules'))
    .map((directory) => join(directory, 'node'))
    .filter((path) => existsSync(path))
    .find((path) => {
      const [major = 0, minor = 0] = execFileSync(path, ['-p', 'process.versions.node'], {
        encoding: 'utf8',
      })
        .split('.')
        .map(Number);
      return major > 20 || (major === 20 && minor >= 19);
    });
}
