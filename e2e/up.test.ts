import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { answers, readDemo, type RunningExhibit, startExhibit } from './start-exhibit.ts';
import { patient } from '../testing/patience.ts';

const run = promisify(execFile);
const FAST = { EXHIBIT_DEMO: '1', EXHIBIT_DEMO_EVENTS: '200' };

function cli(exhibit: RunningExhibit, ...args: readonly string[]): Promise<{ stdout: string }> {
  return run('node_modules/.bin/exhibit', [...args], {
    env: { ...process.env, EXHIBIT_HOME: exhibit.home },
  });
}

async function postmasterPid({ home }: RunningExhibit): Promise<number> {
  const located = await readFile(join(home, 'postgres', 'LOCATION'), 'utf8').catch(() =>
    join(home, 'postgres'),
  );
  const root = located.split('\n').find((line) => line.startsWith('/')) ?? join(home, 'postgres');
  const text = await readFile(join(root, 'cluster', 'data', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test(
  'exhibit up loses nothing and leaves no processes when it is killed with -9 and restarted',
  async () => {
    const first = await startExhibit(FAST);
    const demo = await readDemo(first);
    const [acme] = demo.companies;
    expect(demo.companies.map(({ name, region }) => ({ name, region }))).toEqual([
      { name: 'Acme', region: 'us' },
      { name: 'Globex', region: 'eu' },
    ]);
    expect((await stat(join(first.home, 'demo.json'))).mode & 0o777).toBe(0o600);
    const key = acme?.apiKeys.company ?? '';
    const count = async (api: string) => {
      const answer = await fetch(`${api}/v1/events?limit=200`, {
        headers: { authorization: `Bearer ${key}` },
      });
      return ((await answer.json()) as { data: unknown[] }).data.length;
    };
    expect(await count(first.apiUrl)).toBe(180);

    const server = await postmasterPid(first);
    const died = once(first.process, 'exit');
    first.process.kill('SIGKILL');
    await died;
    await expect.poll(() => isAlive(server), { timeout: patient(15_000) }).toBe(false);
    await expect
      .poll(() => answers(`${first.apiUrl}/health`), { timeout: patient(15_000) })
      .toBe(false);

    const second = await startExhibit(FAST, { home: first.home });
    expect((await readDemo(second)).companies).toEqual(demo.companies);
    expect(await count(second.apiUrl)).toBe(180);
    await second.stop();
    expect(second.process.exitCode).toBe(0);
    await rm(first.home, { recursive: true, force: true });
  },
  patient(180_000),
);

test(
  'the command line shows migrations and manages keys of a running installation',
  async () => {
    const exhibit = await startExhibit(FAST);
    try {
      const { stdout: table } = await cli(exhibit, 'migrate', 'status');
      expect(table).toMatch(/^migration +us +eu +dashboard\n/);
      expect(table).toMatch(/20260514120000_export_templates +\d{4}-\d\d-\d\dT/);
      const [, globex] = (await readDemo(exhibit)).companies;
      const { stdout: created } = await cli(
        exhibit,
        'keys',
        'create',
        '--company',
        globex?.id ?? '',
        '--permission',
        'events:read',
        '--json',
      );
      const { id, key } = JSON.parse(created) as { id: string; key: string };
      const ask = () =>
        fetch(`${exhibit.apiUrl}/v1/keys/status`, { headers: { authorization: `Bearer ${key}` } });
      expect(await (await ask()).json()).toMatchObject({
        id,
        scope: 'company',
        permissions: ['events:read'],
      });
      expect(
        (await cli(exhibit, 'keys', 'list', '--company', globex?.id ?? '')).stdout,
      ).not.toContain(key);
      await cli(exhibit, 'keys', 'revoke', id, '--company', globex?.id ?? '');
      expect((await ask()).status).toBe(401);
    } finally {
      await exhibit.stop();
    }
  },
  patient(180_000),
);

test(
  'exhibit up reports an address in use and stops all processes',
  async () => {
    const first = await startExhibit(FAST);
    try {
      const port = new URL(first.apiUrl).port;
      await expect(startExhibit({ ...FAST, API_PORT: port })).rejects.toThrow(
        /exhibit up ended[\s\S]*EADDRINUSE|exhibit up ended[\s\S]*in use/,
      );
    } finally {
      await first.stop();
    }
  },
  patient(180_000),
);
