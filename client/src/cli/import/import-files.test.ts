import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClient } from '../../client.ts';
import { runCli, startCli } from '../../testing/run-cli.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { patient } from '../../../../testing/patience.ts';

// Each command is a process that loads the whole program.
vi.setConfig({ testTimeout: patient(90_000) });

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

/** Creates a separate company, so that a test can count its events. */
async function fresh() {
  const { company, key } = await server.anotherCompany();
  return {
    cli: { url: server.url, key, directory: server.directory },
    companyId: company.id,
    workspace: ['--workspace', company.workspaceIds[0]],
    client: createClient({ baseUrl: server.url, apiKey: key }),
  };
}

/** Valid events that parsers often get wrong. Each line is one event. */
const AWKWARD = [
  '{"category":"a","action":"digits","metadata":{"n":9007199254740993,"e":1.0e1}}',
  String.raw`{"category":"a","action":"escapes \u00e9 \ud83d\ude00 \/"}`,
  '  {"category":"a", "action":"spaces"}  \r',
  '{"category":"a","action":"nested","metadata":{"idempotencyKey":"inner"}}',
  '{"category":"a","action":"own key","idempotencyKey":"own"}',
  '{"category":"a","action":"twice"}',
  '{"category":"a","action":"twice"}',
  '{"category":"a","action":"separator \u2028 here"}',
  '{"category":"a","action":"proto","metadata":{"__proto__":{"x":1},"constructor":2}}',
  `{"category":"a","action":"long","metadata":{"text":"${'é'.repeat(70_000)}"}}`,
];

async function writeLines(name: string, lines: readonly string[]): Promise<string> {
  const path = join(server.directory, name);
  await writeFile(path, `\uFEFF${lines.join('\n')}\n`);
  return path;
}

describe('exhibit import', () => {
  test('an import that was killed and run again stores every line exactly once', async () => {
    const { cli, companyId, workspace, client } = await fresh();
    const filler = Array.from(
      { length: 2_000 },
      (_, n) => `{"category":"b","action":"filler","metadata":{"n":${n}}}`,
    );
    const lines = [...filler.slice(0, 1_000), ...AWKWARD, '', ...filler.slice(1_000), ...AWKWARD];
    const accepted = 2_000 + 2 * AWKWARD.length;
    // The line with its own key is one event, even though it occurs several times.
    const stored = accepted - 1;
    const file = await writeLines('killed.jsonl', lines);
    const args = ['import', file, ...workspace, '--batch', '20', '--concurrency', '2', '--json'];
    const first = startCli(cli, args);
    await vi.waitFor(async () => expect(await server.eventCount(companyId)).toBeGreaterThan(200), {
      timeout: patient(20_000),
      interval: 5,
    });
    first.child.kill('SIGKILL');
    expect((await first.ended).code).toBeNull();
    const half = await server.eventCount(companyId);
    expect(half).toBeLessThan(stored);
    const second = await runCli(cli, args);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    const result = JSON.parse(second.stdout);
    expect(result).toMatchObject({ lines: accepted, rejected: 0 });
    expect(result.replayed).toBeGreaterThanOrEqual(half);
    expect(await server.eventCount(companyId)).toBe(stored);
    const third = JSON.parse((await runCli(cli, args)).stdout);
    expect(third).toMatchObject({ created: 0, replayed: accepted });
    const { jobId } = await client.exports.create({ format: 'JSONL', filters: { category: 'a' } });
    await client.exports.wait(jobId);
    const download = await client.exports.download(jobId);
    const exported = Buffer.concat(await Array.fromAsync(download)).toString('utf8');
    expect(exported.split('"action":"twice"')).toHaveLength(5);
    expect(exported).toContain('"metadata":{"n":9007199254740993,"e":1.0e1}');
    expect(exported).toContain('"metadata":{"__proto__":{"x":1},"constructor":2}');
  });

  test('reports rejected lines with file, line, code and reason, stores the others and exits 1', async () => {
    const { cli, companyId, workspace } = await fresh();
    const file = await writeLines('mixed.jsonl', [
      '{"category":"a","action":"good"}',
      '{broken',
      '',
      '{"category":"a"}',
      '{"category":"a","action":"x","metadata":{"a":1,"a":2}}',
      '["no object"]',
      '{"category":"a","action":"also good"}',
      `{"category":"a","action":"x","metadata":{"t":"${'x'.repeat(300_000)}"}}`,
      '{"category":"a","action":"x","unknwon":1}',
    ]);
    const rejects = join(server.directory, 'rejects.jsonl');
    const result = await runCli(cli, ['import', file, ...workspace, '--rejects', rejects]);
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(
      /^imported 8 lines from 1 file in .*: 2 stored, 0 already stored, 6 rejected\n$/,
    );
    const told = result.stderr
      .trim()
      .split('\n')
      .map((line) => line.replace(`${file}:`, ''));
    expect(told.toSorted()).toEqual([
      expect.stringMatching(/^2: MALFORMED_JSON .*JSON/),
      expect.stringMatching(/^4: VALIDATION_FAILED action: /),
      expect.stringMatching(/^5: VALIDATION_FAILED metadata\.a: duplicate key/),
      expect.stringMatching(/^6: VALIDATION_FAILED must be a JSON object/),
      expect.stringMatching(/^8: VALIDATION_FAILED must be at most 262144 bytes/),
      expect.stringMatching(/^9: VALIDATION_FAILED unknwon: /),
    ]);
    const kept = (await readFile(rejects, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(kept).toHaveLength(6);
    expect(kept).toContainEqual(expect.objectContaining({ file, line: 2, text: '{broken' }));
    expect(await server.eventCount(companyId)).toBe(2);
  });

  test('reads the same lines from gzip, zstd, multi-member files and stdin as from the plain file', async () => {
    const { cli, companyId, workspace } = await fresh();
    const half = [`${AWKWARD.slice(0, 5).join('\n')}\n`, `${AWKWARD.slice(5).join('\n')}\n`];
    const plain = Buffer.from(half.join(''));
    const paths = await Promise.all(
      Object.entries({
        'same.jsonl': plain,
        'same.jsonl.gz': Buffer.concat(half.map((text) => gzipSync(text))),
        'same.jsonl.zst': Buffer.concat(half.map((text) => zstdCompressSync(text))),
        'misnamed.txt': zstdCompressSync(plain),
      }).map(async ([name, content]) => {
        const path = join(server.directory, name);
        await writeFile(path, content);
        return path;
      }),
    );
    const files = await runCli(cli, [
      'import',
      ...paths,
      ...workspace,
      '--json',
      '--concurrency',
      '1',
    ]);
    const count = AWKWARD.length;
    expect(JSON.parse(files.stdout)).toMatchObject({
      created: count,
      replayed: 3 * count,
      files: 4,
    });
    for (const input of [plain, gzipSync(plain), zstdCompressSync(plain)]) {
      const piped = await runCli(cli, ['import', '-', ...workspace, '--json'], { input });
      expect(JSON.parse(piped.stdout)).toMatchObject({ created: 0, replayed: count });
    }
    expect(await server.eventCount(companyId)).toBe(count);
  });

  test('fails with a message and its exit code on a broken gzip, a missing file and a wrong key', async () => {
    const { cli, companyId, workspace } = await fresh();
    const broken = join(server.directory, 'broken.jsonl.gz');
    await writeFile(broken, gzipSync(AWKWARD.join('\n')).subarray(0, 60));
    const cut = await runCli(cli, ['import', broken, ...workspace]);
    expect(cut).toMatchObject({ code: 1, stdout: '' });
    expect(cut.stderr).toContain(`${broken} cannot be read completely: unexpected end of file`);
    const missing = await runCli(cli, ['import', 'no-such-file', ...workspace]);
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('no-such-file') });
    const denied = await runCli({ ...cli, key: 'exh_us_wrong-key' }, ['import', broken]);
    expect(denied).toMatchObject({ code: 3, stderr: expect.stringContaining('UNAUTHENTICATED') });
    expect(await server.eventCount(companyId)).toBe(0);
  });
});
