import type { Queryable } from '../database.ts';

export interface NewCompany {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly workspaces: readonly { readonly id: string; readonly name: string }[];
}

/** Creates a company and its workspaces in the dashboard database; idempotent. Provisioning creates them in the region. */
export async function createCompany(db: Queryable, company: NewCompany): Promise<void> {
  await db.query(
    'INSERT INTO companies (company_id, name, region) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [company.id, company.name, company.region],
  );
  await db.query(
    `INSERT INTO workspaces (company_id, workspace_id, name, revision)
     SELECT $1, w.id, w.name, 1 FROM unnest($2::uuid[], $3::text[]) w(id, name) ON CONFLICT DO NOTHING`,
    [
      company.id,
      company.workspaces.map(({ id }) => id),
      company.workspaces.map(({ name }) => name),
    ],
  );
}
