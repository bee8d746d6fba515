import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCli } from '../testing/run-cli.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { patient } from '../../../testing/patience.ts';

vi.setConfig({ testTimeout: patient(240_000) });

const DATA =
  process.env['EXHIBIT_TEST_DATA'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url));

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

/** An exported line without the members that the server and the import added. */
function asSent(line: string): string {
  return line
    .replace(/^\{"id":"[0-9a-f-]{36}",/, '{')
    .replace(`,"companyId":"${server.company.id}","workspaceId":"${server.workspaceId}"`, '')
    .replace(/,"idempotencyKey":"import-[\w-]{43}"\}$/, '}');
}

test.skipIf(!existsSync(DATA))(
  `import and export return every event of the sample data (${DATA}) exactly once`,
  async () => {
    const names = (await readdir(DATA)).filter((name) => name.endsWith('.jsonl.gz'));
    const files = names.map((name) => join(DATA, name));
    const directory = await mkdtemp(join(server.directory, 'data-'));
    const cli = { url: server.url, key: server.key, directory };
    const rejects = join(directory, 'rejects.jsonl');
    // One request at a time, so that the first of several lines with the same key is the one that is stored.
    const args = [...files, '--workspace', server.workspaceId, '--rejects', rejects];
    const imported = await runCli(cli, ['import', ...args, '--concurrency', '1', '--json']);
    const result = JSON.parse(imported.stdout);
    const lines = (
      await Promise.all(
        files.map(async (file) => gunzipSync(await readFile(file)).toString('utf8')),
      )
    ).flatMap((text) => text.split('\n').filter((line) => line.trim() !== ''));
    expect(result.lines).toBe(lines.length);
    expect(imported.code).toBe(result.rejected === 0 ? 0 : 1);
    const rejected = (await readFile(rejects, 'utf8')).split('\n').filter((line) => line !== '');
    expect(rejected).toHaveLength(result.rejected);
    expect(result.created + result.replayed + result.rejected).toBe(lines.length);

    const { code } = await runCli(cli, ['export', '--compression', 'zstd', '-o', 'out.zst']);
    expect(code).toBe(0);
    const exported = await runCli(cli, ['export', '-o', '-']);
    const back = exported.stdout.split('\n').filter((line) => line !== '');
    expect(back).toHaveLength(result.created);
    expect(new Set(back.map((line) => line.slice(0, 45))).size).toBe(result.created);

    // Compare as multisets: exported lines = sent lines − rejected lines − lines already stored.
    const left = new Map<string, number>();
    for (const line of lines) left.set(line, (left.get(line) ?? 0) + 1);
    const surprises = back.map(asSent).filter((line) => {
      const count = left.get(line) ?? 0;
      left.set(line, count - 1);
      return count === 0;
    });
    expect(surprises).toEqual([]);
    const missing = [...left.values()].reduce((sum, count) => sum + count, 0);
    expect(missing).toBe(result.replayed + result.rejected);
  },
);
