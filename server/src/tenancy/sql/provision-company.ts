import { execute, type Queryable, sql } from '../../regions/sql.ts';

export interface CompanyToProvision {
  readonly id: string;
  readonly name: string;
  readonly workspaces: readonly { readonly id: string; readonly name: string }[];
}

/** Creates a company and its workspaces in a region with the owner role. Idempotent. */
export async function provisionCompany(
  client: Queryable,
  company: CompanyToProvision,
): Promise<void> {
  const ids = company.workspaces.map((workspace) => workspace.id);
  await execute(
    client,
    sql`INSERT INTO companies (company_id, name) VALUES (${company.id}, ${company.name}) ON CONFLICT DO NOTHING`,
  );
  await execute(
    client,
    sql`
      INSERT INTO workspaces (company_id, workspace_id, name)
      SELECT ${company.id}::uuid, w.id, w.name
      FROM unnest(${ids}::uuid[], ${company.workspaces.map((workspace) => workspace.name)}::text[]) w(id, name)
      ON CONFLICT DO NOTHING`,
  );
  await execute(
    client,
    sql`
      INSERT INTO workspace_heads (company_id, workspace_id)
      SELECT ${company.id}::uuid, w.id FROM unnest(${ids}::uuid[]) w(id)
      ON CONFLICT DO NOTHING`,
  );
}
