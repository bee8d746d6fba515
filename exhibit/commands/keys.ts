import { formatTable } from '@exhibit/client/cli/format-table';
import { refuseNameOfMember } from '@exhibit/dashboard/members/refuse-name';
import type pg from 'pg';
import type { Config } from '../../server/src/config.ts';
import { openPool } from '../../server/src/regions/connect.ts';
import type { Queryable } from '../../server/src/regions/sql.ts';
import { inCompany } from '../../server/src/regions/transaction.ts';
import { type Permission, PERMISSIONS } from '../../server/src/tenancy/api-key.ts';
import { auditApiKey } from '../../server/src/tenancy/audit-api-key.ts';
import { OPERATOR, OPERATOR_ORIGIN } from '../../server/src/tenancy/audit-log.ts';
import { issueApiKey } from '../../server/src/tenancy/issue-api-key.ts';
import { nameText } from '../../server/src/tenancy/name-text.ts';
import { hasCompany } from '../../server/src/tenancy/sql/has-company.ts';
import { listApiKeys } from '../../server/src/tenancy/sql/list-api-keys.ts';
import { revokeApiKey } from '../../server/src/tenancy/sql/revoke-api-key.ts';
import { withDatabases } from './databases.ts';
import { print } from './print.ts';

const DAY_MS = 86_400_000;

interface CreateOptions {
  readonly company: string;
  readonly workspace?: string;
  readonly name: string;
  readonly permission?: readonly Permission[];
  readonly expires?: string;
  readonly json?: boolean;
}

/** `exhibit keys create` */
export async function createKey(config: Config, options: CreateOptions): Promise<void> {
  const days = options.expires === undefined ? undefined : Number(options.expires);
  if (days !== undefined && !(days > 0))
    throw new Error('--expires must be a number of days greater than 0.');
  const name = readName(options.name);
  await withCompanyRegion(
    config,
    options.company,
    async ({ pool, companyId, region, dashboard }) => {
      if (dashboard !== undefined) await refuseNameOfMember(dashboard, companyId, name);
      const issued = await inCompany(pool, companyId, async (client) => {
        const made = await issueApiKey(client, region, {
          companyId,
          name,
          workspaceId: options.workspace?.toLowerCase() ?? null,
          permissions: options.permission ?? PERMISSIONS,
          expiresAt: days === undefined ? null : new Date(Date.now() + days * DAY_MS),
        });
        await auditAsOperator(client, 'API_KEY_CREATED', { companyId, keyId: made.id });
        return made;
      });
      if (options.json === true) print(JSON.stringify(issued));
      else print(`${issued.key}\n\nID ${issued.id}. The key is shown only once.`);
    },
  );
}

/** `exhibit keys list` */
export async function listKeys(
  config: Config,
  options: { company: string; json?: boolean },
): Promise<void> {
  await withCompanyRegion(config, options.company, async ({ pool, companyId }) => {
    const keys = await inCompany(pool, companyId, (client) => listApiKeys(client, companyId));
    if (options.json === true) {
      print(JSON.stringify(keys));
      return;
    }
    const rows = keys.map((key) => [
      key.keyId,
      key.name,
      key.workspaceId ?? 'company',
      key.permissions.join(' '),
      key.createdBy?.label ?? 'unknown',
      key.revokedAt === null ? (key.expiresAt?.toISOString() ?? 'never') : 'revoked',
    ]);
    print(formatTable(['id', 'name', 'scope', 'permissions', 'created by', 'expires'], rows));
  });
}

/** `exhibit keys revoke` */
export async function revokeKey(
  config: Config,
  keyId: string,
  options: { company: string; json?: boolean },
): Promise<void> {
  await withCompanyRegion(config, options.company, async ({ pool, companyId }) => {
    const revoked = await inCompany(pool, companyId, async (client) => {
      const done = await revokeApiKey(client, companyId, keyId);
      if (done) await auditAsOperator(client, 'API_KEY_REVOKED', { companyId, keyId });
      return done;
    });
    if (!revoked) throw new Error(`The company has no active key with the ID ${keyId}.`);
    print(
      options.json === true ? JSON.stringify({ id: keyId, revoked: true }) : `revoked ${keyId}`,
    );
  });
}

function readName(given: string): string {
  const name = nameText(200).safeParse(given);
  if (name.success) return name.data;
  throw new Error(`--name ${name.error.issues[0]?.message ?? 'is not valid'}.`);
}

/** Records the operator's action in the audit log, with the permissions of the key. */
async function auditAsOperator(
  client: Queryable,
  action: 'API_KEY_CREATED' | 'API_KEY_REVOKED',
  { companyId, keyId }: { companyId: string; keyId: string },
): Promise<void> {
  const keys = await listApiKeys(client, companyId);
  const key = keys.find((one) => one.keyId === keyId.toLowerCase());
  if (key === undefined) throw new Error(`Key ${keyId} not found.`);
  await auditApiKey(client, { action, key, actor: OPERATOR, origin: OPERATOR_ORIGIN });
}

interface CompanyRegion {
  readonly pool: pg.Pool;
  readonly companyId: string;
  readonly region: string;
  /** URL of the dashboard database; undefined if it is not configured on this machine. */
  readonly dashboard: string | undefined;
}

async function withCompanyRegion(
  config: Config,
  company: string,
  work: (found: CompanyRegion) => Promise<void>,
): Promise<void> {
  const companyId = company.toLowerCase();
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(companyId))
    throw new Error('--company must be a company ID (a UUID).');
  await withDatabases(config, async ({ regions, dashboard }) => {
    for (const [region, url] of regions) {
      const pool = openPool(url, { role: 'api', max: 1, name: 'keys' });
      try {
        if (!(await inCompany(pool, companyId, (client) => hasCompany(client, companyId))))
          continue;
        await work({ pool, companyId, region, dashboard });
        return;
      } finally {
        await pool.end();
      }
    }
    throw new Error(`Company ${companyId} not found.`);
  });
}
