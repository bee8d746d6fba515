import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { DASHBOARD_TEMPLATE_DATABASE } from '../../../testing/templates.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/test-database.ts';
import type { Role } from '../auth/member.ts';
import { openPool } from '../database.ts';
import { createDemoAccounts } from '../demo/create-demo-accounts.ts';
import { ERROR_CATALOGUE, type ErrorCode } from '../errors.ts';
import type { LoopTimes } from '../loops.ts';
import type { startDashboard } from '../start-dashboard.ts';

export const PASSWORD = 'correct horse battery';

/** Short intervals, so that tests do not wait for timers. */
const QUICK: LoopTimes = {
  heartbeatMs: 100,
  reconcileMs: 100,
  outboxMs: 100,
  provisionMs: 100,
  deadAfterMs: 1_000,
  callAfterMs: 60_000,
};

/** A company with one user per role. The MEMBER has access to the first of its two workspaces. */
export interface TestCompany {
  readonly id: string;
  readonly name: string;
  readonly workspaceIds: readonly [string, string];
  email(role: Role): string;
}

/** A separate dashboard database for one test file. */
export interface TestDashboardDatabase extends AsyncDisposable {
  readonly database: TestDatabase;
  /** Connections with the role exhibit_dashboard, as the dashboard itself uses. */
  readonly pool: ReturnType<typeof openPool>;
  readonly tokenKeys: string;
  company(region?: string): Promise<TestCompany>;
  options(apiUrl: string): Parameters<typeof startDashboard>[0];
}

export async function createDashboardDatabase(): Promise<TestDashboardDatabase> {
  const database = await createTestDatabase({ template: DASHBOARD_TEMPLATE_DATABASE });
  const pool = openPool(database.url);
  const { privateKey } = generateKeyPairSync('ed25519');
  const tokenKeys = JSON.stringify({
    keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'test' }],
  });
  return {
    database,
    pool,
    tokenKeys,
    company: (region = 'us') => makeCompany(database.url, region),
    options: (apiUrl) => ({
      host: '127.0.0.1',
      port: 0,
      apiUrl,
      databaseUrl: database.url,
      tokenKeys,
      regions: ['us', 'eu'],
      maxDownloadBytes: 10_000_000,
      logLevel: 'silent',
      times: QUICK,
    }),
    [Symbol.asyncDispose]: async () => {
      await pool.end();
      await database.drop();
    },
  };
}

async function makeCompany(databaseUrl: string, region: string): Promise<TestCompany> {
  const id = randomUUID();
  const workspaceIds = [randomUUID(), randomUUID()] as const;
  const email = (role: Role) => `${role.toLowerCase()}@${id}.test`;
  const company = {
    id,
    name: `Company ${id}`,
    region,
    workspaces: workspaceIds.map((workspaceId, index) => ({
      id: workspaceId,
      name: `Workspace ${index}`,
    })),
  };
  const account = (role: Role) => ({
    email: email(role),
    name: role,
    password: PASSWORD,
    role,
    companyId: id,
    workspaceIds: role === 'MEMBER' ? [workspaceIds[0]] : [],
  });
  const roles = ['OWNER', 'ADMIN', 'BILLING', 'MEMBER'] as const;
  await createDemoAccounts(databaseUrl, [company], roles.map(account));
  return { id, name: company.name, workspaceIds, email };
}

/** A browser of one person: it keeps cookies and sends them. */
export class Browser {
  readonly #url: string;
  #cookie = '';

  constructor(url: string) {
    this.#url = url;
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    init: RequestInit = {},
  ): Promise<Response> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      ...init,
      headers: {
        cookie: this.#cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(init.headers as Record<string, string> | undefined),
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const [cookie] = answer.headers.getSetCookie();
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0] ?? '';
    return answer;
  }

  async json(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const answer = await this.send(method, path, body);
    const text = await answer.text();
    expect(answer.ok, text).toBe(true);
    return JSON.parse(text) as Record<string, unknown>;
  }

  get cookie(): string {
    return this.#cookie;
  }
}

export async function signIn(url: string, email: string, password = PASSWORD): Promise<Browser> {
  const browser = new Browser(url);
  await browser.json('POST', '/api/auth/sign-in/email', { email, password });
  return browser;
}

/** Checks that the response is a complete problem document with this code. */
export async function expectProblem(
  answer: Response,
  code: ErrorCode,
): Promise<Record<string, unknown>> {
  const text = await answer.text();
  expect(answer.headers.get('content-type'), text).toMatch(/^application\/problem\+json/);
  const document = JSON.parse(text) as Record<string, unknown>;
  const { status, title } = ERROR_CATALOGUE[code];
  expect(document).toMatchObject({ code, status, title, type: 'about:blank' });
  expect(answer.status).toBe(status);
  expect(document['requestId']).toBe(answer.headers.get('x-request-id'));
  return document;
}

/** Reads the evidence of the owner's company, oldest first. */
export async function evidenceOf(owner: Browser, query = ''): Promise<Record<string, unknown>[]> {
  const { data } = await owner.json('GET', `/api/evidence?limit=200${query}`);
  return (data as Record<string, unknown>[]).toReversed();
}
