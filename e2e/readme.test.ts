import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningExhibit, startExhibit } from './start-exhibit.ts';
import { patient } from '../testing/patience.ts';

const ROOT = resolve(import.meta.dirname, '..');

let exhibit: RunningExhibit;
let folder: string;

beforeAll(async () => {
  exhibit = await startExhibit({ EXHIBIT_DEMO: '1', EXHIBIT_DEMO_EVENTS: '3000' });
  folder = await mkdtemp(join(tmpdir(), 'exhibit-tour-'));
}, patient(120_000));
afterAll(async () => {
  await exhibit?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function tourBlocks(page: string): Promise<string[]> {
  const text = await readFile(join(ROOT, page), 'utf8');
  return [...text.matchAll(/<!-- tour -->\n```sh\n(.*?)```/gs)].map(([, block = '']) => block);
}

/** Runs the code blocks of a page one after another in one shell and returns the output of each. */
async function runTour(page: string): Promise<string[]> {
  const blocks = await tourBlocks(page);
  expect(blocks.length).toBeGreaterThan(0);
  // Users run npx in the checkout. The test writes files to its own folder instead.
  const npx = `npx() { "${ROOT}/node_modules/.bin/$1" "\${@:2}"; }`;
  const script = [npx, ...blocks.map((block, index) => `echo; echo "## ${index}"\n${block}`)].join(
    '\n',
  );
  const shell = promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env: { ...process.env, EXHIBIT_HOME: exhibit.home },
    maxBuffer: 64 * 1024 * 1024,
  });
  const { stdout } = await shell;
  return stdout.split(/\n## \d+\n/).slice(1);
}

test(
  'every code block of the README tours works',
  async () => {
    const outputs = await runTour('README.md');
    const [imported, exported, , sent, waited, checked, , csv, refused] = outputs;
    expect(imported).toMatch(
      /2 stored, 0 already stored, 0 rejected\n.*0 stored, 2 already stored, 0 rejected/,
    );
    expect(exported).toMatch(
      /^everything\.jsonl\n2,702 rows.*\nSHA-256 [0-9a-f]{64} \(verified\)\n1\nauth\.csv\.gz\n/,
    );
    expect(sent).toMatch(/"id":"[0-9a-f-]{36}"/);
    expect(waited).toContain('"status":"succeeded"');
    expect(checked).toContain('events.jsonl: OK');
    expect(checked).toMatch(/2703 events\.jsonl\n2\n$/);
    expect(csv).toContain('id,timestamp,workspaceId,projectId,category,action');
    expect(refused).toContain('did you mean \\"categories\\"');
  },
  patient(120_000),
);

test(
  'the dashboard tour works: sign in, list, save, export, rerun, download, read the evidence',
  async () => {
    const [output = ''] = await runTour('docs/internals/dashboard-api.md');
    expect(output).toContain('"email":"olivia@acme.example"');
    expect(output).toContain('EXPORT_REQUESTED');
    expect(output).toContain('EXPORT_RERUN');
    expect(output).toContain('EXPORT_DOWNLOAD_COMPLETED');
    expect((await stat(join(folder, 'sign-ins.jsonl'))).size).toBeGreaterThan(1000);
  },
  patient(120_000),
);
