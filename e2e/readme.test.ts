import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningExhibit, startExhibit } from './start-exhibit.ts';

const ROOT = resolve(import.meta.dirname, '..');

let exhibit: RunningExhibit;
let folder: string;

beforeAll(async () => {
  exhibit = await startExhibit({ EXHIBIT_DEMO: '1', EXHIBIT_DEMO_EVENTS: '3000' });
  folder = await mkdtemp(join(tmpdir(), 'exhibit-tour-'));
}, 120_000);
afterAll(async () => {
  await exhibit?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function tourBlocks(): Promise<string[]> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  return [...readme.matchAll(/<!-- tour -->\n```sh\n(.*?)```/gs)].map(([, block = '']) => block);
}

test('every block of the README tour works, one after another in one shell', async () => {
  const blocks = await tourBlocks();
  expect(blocks.length).toBeGreaterThan(5);
  // Users run npx in the checkout; here the files go to a folder of the test's own.
  const npx = `npx() { "${ROOT}/node_modules/.bin/$1" "\${@:2}"; }`;
  const script = [npx, ...blocks.map((block, index) => `echo; echo "## ${index}"\n${block}`)].join(
    '\n',
  );
  const shell = promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env: { ...process.env, EXHIBIT_HOME: exhibit.home },
    maxBuffer: 16 * 1024 * 1024,
  });
  const { stdout } = await shell;
  const outputs = stdout.split(/\n## \d+\n/).slice(1);
  const [imported, exported, , sent, waited, checked, , csv, refused] = outputs;
  expect(imported).toMatch(
    /2 stored, 0 there already, 0 rejected\n.*0 stored, 2 there already, 0 rejected/,
  );
  expect(exported).toMatch(
    /^everything\.jsonl\n2,702 rows.*\nSHA-256 [0-9a-f]{64} \(checked\)\n1\nauth\.csv\.gz\n/,
  );
  expect(sent).toMatch(/"id":"[0-9a-f-]{36}"/);
  expect(waited).toContain('"status":"succeeded"');
  expect(checked).toContain('events.jsonl: OK');
  expect(checked).toMatch(/2703 events\.jsonl\n2\n$/);
  expect(csv).toContain('id,timestamp,workspaceId,projectId,category,action');
  expect(refused).toContain('did you mean \\"categories\\"');
}, 120_000);
