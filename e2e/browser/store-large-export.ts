import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { artifactKey } from '../../server/src/exports/artifact/artifact-key.ts';
import { openPool } from '../../server/src/regions/connect.ts';

const LINE_BYTES = 1_000;
const BLOCK_LINES = 10_000;

interface LargeExport {
  /** Connection to the region's database as its owner. */
  readonly databaseUrl: string;
  /** The region's artifact store. */
  readonly directory: string;
  readonly companyId: string;
  readonly workspaceId: string;
  /** Lines of 1,000 bytes, written 10,000 at a time. */
  readonly rows: number;
}

/**
 * Stores a finished export directly in the database and the store, as a worker would leave it. The test only concerns
 * the download, and ingesting hundreds of megabytes would take longer than the rest of the test.
 * @returns the job's ID
 */
export async function storeLargeExport(wanted: LargeExport): Promise<string> {
  const { companyId, rows } = wanted;
  const jobId = randomUUID();
  const job = { companyId, jobId, attempt: 1, lease: 1 };
  const key = artifactKey({ ...job, format: 'JSONL', compression: 'none' });
  const sha256 = await writeLines(join(wanted.directory, key), rows);
  const pool = openPool(wanted.databaseUrl, { role: 'owner', max: 1 });
  await pool.query(
    `INSERT INTO export_jobs (company_id, job_id, workspace_ids, requested_by_type, requested_by_id, requested_by_label,
       source, format, compression, csv_formula_guard, csv_bom, filters, max_rows, status, attempt, lease, rows_exported,
       bytes, sha256, content_sha256, artifact_key, started_at, finished_at, artifact_expires_at)
     VALUES ($1, $2, $3, 'api_key', 'large', 'large', 'HOT', 'JSONL', 'none', true, false, '{"version":1}', $4, 'succeeded',
       1, 1, $4, $5, $6, $6, $7, now(), now(), now() + interval '1 day')`,
    [companyId, jobId, [wanted.workspaceId], rows, rows * LINE_BYTES, sha256, key],
  );
  await pool.end();
  return jobId;
}

/** Numbered lines, so that swapped lines change the digest. */
async function writeLines(path: string, rows: number): Promise<Buffer> {
  const hash = createHash('sha256');
  await mkdir(dirname(path), { recursive: true });
  await using file = await open(path, 'wx', 0o600);
  const block = Buffer.from(
    `{"block":"00000000","x":"${'0'.repeat(LINE_BYTES - 28)}"}\n`.repeat(BLOCK_LINES),
  );
  for (let written = 0; written < rows; written += BLOCK_LINES) {
    block.write(String(written).padStart(8, '0'), 10);
    hash.update(block);
    await file.write(block);
  }
  return hash.digest();
}
