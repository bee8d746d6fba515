import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDemoAccounts } from '@exhibit/dashboard/demo';
import type pg from 'pg';
import { z } from 'zod';
import type { Config } from '../../server/src/config.ts';
import { openPool } from '../../server/src/regions/connect.ts';
import { PERMISSIONS, hashApiKey } from '../../server/src/tenancy/api-key.ts';
import { issueApiKey } from '../../server/src/tenancy/issue-api-key.ts';
import { findApiKey } from '../../server/src/tenancy/sql/find-api-key.ts';
import { provisionCompany } from '../../server/src/tenancy/sql/provision-company.ts';
import { DEMO_ACCOUNTS } from './demo-accounts.ts';
import { DEMO_COMPANIES, type DemoCompany } from './demo-companies.ts';
import { seedEvents } from './seed-events.ts';
import { DEMO_KEY_PREFIX } from './sql/count-demo-keys.ts';

const FILE = 'demo.json';

const keysSchema = z.object({ company: z.string(), workspaces: z.record(z.string(), z.string()) });
const earlierSchema = z.object({
  companies: z.array(z.object({ id: z.string(), apiKeys: keysSchema })),
});
type DemoKeys = z.output<typeof keysSchema>;

/**
 * Creates the demo companies with their events and writes `demo.json` (mode 0600, because it contains API keys and
 * log-ins). If it runs again, it keeps the companies, their events and every active key.
 */
export async function seedDemo(
  config: Config,
  databases: { readonly regions: ReadonlyMap<string, string>; readonly dashboard: string },
  urls: { apiUrl: string; dashboardUrl: string },
): Promise<void> {
  const file = join(config.home, FILE);
  const earlier = await readEarlier(file);
  const companies = await Promise.all(
    DEMO_COMPANIES.map((company) =>
      seedCompany(config, databases.regions, company, earlier.get(company.id)),
    ),
  );
  await createDemoAccounts(databases.dashboard, DEMO_COMPANIES, DEMO_ACCOUNTS);
  const users = DEMO_ACCOUNTS.map(({ email, password, role, companyId, workspaceIds }) => ({
    email,
    password,
    role,
    companyId,
    workspaceIds,
  }));
  const demo = { dashboardUrl: urls.dashboardUrl, apiUrl: urls.apiUrl, companies, users };
  await writeFile(`${file}.new`, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function seedCompany(
  config: Config,
  regionUrls: ReadonlyMap<string, string>,
  { share, ...company }: DemoCompany,
  earlier: DemoKeys | undefined,
) {
  const url = regionUrls.get(company.region);
  if (url === undefined) throw new Error(`The demo needs the region ${company.region}.`);
  const owner = openPool(url, { role: 'owner', max: 2, name: 'demo' });
  const api = openPool(url, { role: 'api', max: 4, name: 'demo', pipeline: true });
  try {
    await provisionCompany(owner, company);
    const apiKeys = await demoKeys(owner, company, earlier);
    await seedEvents(api, company, Math.round(config.demo.events * share));
    return { ...company, apiKeys };
  } finally {
    await Promise.all([owner.end(), api.end()]);
  }
}

async function readEarlier(file: string): Promise<ReadonlyMap<string, DemoKeys>> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return new Map();
  const parsed = earlierSchema.safeParse(JSON.parse(text));
  return new Map(
    parsed.success ? parsed.data.companies.map(({ id, apiKeys }) => [id, apiKeys]) : [],
  );
}

async function demoKeys(
  pool: pg.Pool,
  company: Omit<DemoCompany, 'share'>,
  earlier: DemoKeys | undefined,
): Promise<DemoKeys> {
  const keyFor = async (workspaceId: string | null, name: string, known: string | undefined) => {
    const row = known === undefined ? undefined : await findApiKey(pool, hashApiKey(known));
    if (known !== undefined && row?.revokedAt === null) return known;
    const wanted = {
      companyId: company.id,
      name,
      workspaceId,
      permissions: PERMISSIONS,
      expiresAt: null,
    };
    return (await issueApiKey(pool, company.region, wanted)).key;
  };
  const workspaces: Record<string, string> = {};
  for (const { id, name } of company.workspaces) {
    workspaces[id] = await keyFor(id, `${DEMO_KEY_PREFIX}${name}`, earlier?.workspaces[id]);
  }
  return {
    company: await keyFor(null, `${DEMO_KEY_PREFIX}whole company`, earlier?.company),
    workspaces,
  };
}
