import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryHome } from '../testing/processes/temporary-home.ts';
import { readDemo, type RunningExhibit, startExhibit } from './start-exhibit.ts';
import { patient } from '../testing/patience.ts';

const run = promisify(execFile);
const DEMO = { EXHIBIT_DEMO: '1', EXHIBIT_DEMO_EVENTS: '100' };
const LIVE = { EXHIBIT_DEMO: '0' };

async function interrupt({ process }: RunningExhibit): Promise<void> {
  const exited = once(process, 'exit');
  process.kill('SIGINT');
  await exited;
}

async function signIn({ dashboardUrl }: RunningExhibit, email: string, password: string) {
  return fetch(`${dashboardUrl}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
}

async function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return (await fetch(url, { headers })).status;
}

test(
  'a demo installation starts without EXHIBIT_DEMO only after its accounts, sessions and keys are disabled',
  async () => {
    const home = await temporaryHome('home');
    const demo = await startExhibit(DEMO, { home });
    const { users, companies } = await readDemo(demo);
    const key = { authorization: `Bearer ${companies[0]?.apiKeys.company ?? ''}` };
    const [user] = users;
    const { email = '', password = '' } = user ?? {};
    const signedIn = await signIn(demo, email, password);
    expect(signedIn.status).toBe(200);
    const cookie = signedIn.headers.getSetCookie().map((text) => text.split(';')[0] ?? '');
    const session = { cookie: cookie.join('; ') };
    expect(await statusOf(`${demo.dashboardUrl}/api/me`, session)).toBe(200);
    await interrupt(demo);

    await expect(startExhibit(LIVE, { home })).rejects.toThrow(
      /accounts with public passwords \(.*olivia@acme\.example.*exhibit demo disable/,
    );

    const { stdout } = await run('node_modules/.bin/exhibit', ['demo', 'disable'], {
      env: { ...process.env, EXHIBIT_HOME: home },
    });
    for (const { email: each } of users) expect(stdout).toContain(`disabled  ${each}`);
    expect(existsSync(join(home, 'demo.json'))).toBe(false);

    const live = await startExhibit(LIVE, { home });
    for (const each of users)
      expect((await signIn(live, each.email, each.password)).status).toBe(401);
    expect(await statusOf(`${live.dashboardUrl}/api/me`, session)).toBe(401);
    for (const { apiKeys } of companies) {
      for (const secret of [apiKeys.company, ...Object.values(apiKeys.workspaces)]) {
        const headers = { authorization: `Bearer ${secret}` };
        expect(await statusOf(`${live.apiUrl}/v1/keys/status`, headers)).toBe(401);
      }
    }
    expect(await statusOf(`${live.apiUrl}/v1/events`, key)).toBe(401);
    await interrupt(live);

    await expect(startExhibit(DEMO, { home })).rejects.toThrow(/was disabled/);
    await rm(home, { recursive: true, force: true });
  },
  patient(240_000),
);

test(
  'demo data is not added to an installation that is in use',
  async () => {
    const home = await temporaryHome('home');
    const live = await startExhibit(LIVE, { home });
    await run(
      'node_modules/.bin/exhibit',
      'companies create --name Initech --region us --owner-email bill@initech.example'.split(' '),
      { env: { ...process.env, EXHIBIT_HOME: home } },
    );
    await interrupt(live);
    await expect(startExhibit(DEMO, { home })).rejects.toThrow(
      /used by companies other than the demo/,
    );
    const again = await startExhibit(LIVE, { home });
    expect((await signIn(again, 'olivia@acme.example', 'exhibit-demo-2026')).status).toBe(401);
    await again.stop();
  },
  patient(240_000),
);
