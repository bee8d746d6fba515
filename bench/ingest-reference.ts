import pg from 'pg';
import type { BenchRegion } from './bench-region.ts';
import { copyFrom } from './copy-from.ts';
import { INGEST_COMPANY } from './ingest-client.ts';

const TABLE = 'bench_copy';

/** COPY FROM of rows that ingest stored, into a table like theirs, indexes included. */
export interface CopyReference extends AsyncDisposable {
  /** So many clients, each `events` rows in batches of one size; each batch is a durable commit. */
  run(clients: number, events: number, batch: number): Promise<void>;
}

export async function openCopyReference(
  region: BenchRegion,
  mostClients: number,
): Promise<CopyReference> {
  const { owner } = region;
  await owner.query(`CREATE TABLE ${TABLE} (LIKE events_2026_01 INCLUDING ALL)`);
  const rows = await copyRows(owner);
  const clients: pg.Client[] = [];
  for (let number = 0; number < mostClients; number += 1) {
    const client = new pg.Client({ connectionString: region.url });
    await client.connect();
    clients.push(client);
  }
  return {
    run: async (count, events, batch) => {
      await owner.query(`TRUNCATE ${TABLE}`);
      await Promise.all(
        clients.slice(0, count).map(async (client, number) => {
          for (let sent = 0; sent < events; sent += batch) {
            const from = (number * events + sent) % rows.length;
            await copyFrom(client, TABLE, Buffer.from(rows.slice(from, from + batch).join('')));
          }
        }),
      );
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) await client.end();
      await owner.query(`DROP TABLE ${TABLE}`);
    },
  };
}

/** Stored events as lines of COPY's text format. */
async function copyRows(owner: pg.Pool): Promise<string[]> {
  const { rows: columns } = await owner.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute WHERE attrelid = 'events'::regclass AND attnum > 0 ORDER BY attnum`,
  );
  const { rows } = await owner.query<(string | null)[]>({
    text: `SELECT ${columns.map(({ name }) => `${name}::text`).join(', ')} FROM events WHERE company_id = $1`,
    values: [INGEST_COMPANY],
    rowMode: 'array',
  });
  return rows.map((row) => `${row.map(escaped).join('\t')}\n`);
}

function escaped(value: string | null): string {
  if (value === null) return '\\N';
  return value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n');
}
