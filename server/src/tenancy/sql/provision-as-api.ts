import { execute, type Queryable, sql } from '../../regions/sql.ts';
import type { CompanyToProvision } from './provision-company.ts';

/** Creates or renames a company and its workspaces with the api role, through the only function that permits it. */
export async function provisionAsApi(
  client: Queryable,
  company: CompanyToProvision,
): Promise<void> {
  const ids = company.workspaces.map((workspace) => workspace.id);
  const names = company.workspaces.map((workspace) => workspace.name);
  await execute(
    client,
    sql`SELECT exhibit_provision_company(${company.id}, ${company.name}, ${ids}::uuid[], ${names}::text[])`,
  );
}
