import { execute, type Queryable, query, sql } from '../../../regions/sql.ts';

interface UnfinishedParts {
  readonly companyId: string;
  readonly jobId: string;
  readonly remain: boolean;
}

/** Records whether parts of a job's file remain in the store. Does nothing in a region that lacks the column. */
export async function setUnfinishedParts(
  client: Queryable,
  { companyId, jobId, remain }: UnfinishedParts,
): Promise<void> {
  const [column] = await query(
    client,
    sql<{ found: boolean }>`
      SELECT EXISTS (SELECT FROM pg_attribute
        WHERE attrelid = to_regclass('public.export_jobs') AND attname = 'unfinished_parts_remain'
          AND NOT attisdropped) AS found`,
  );
  if (column?.found !== true) return;
  await execute(
    client,
    sql`
      UPDATE export_jobs SET unfinished_parts_remain = ${remain}
      WHERE company_id = ${companyId} AND job_id = ${jobId} AND unfinished_parts_remain <> ${remain}`,
  );
}
