import pg from 'pg';
import { createEventId, microsOfEventId } from '../../server/src/event-id.ts';
import type { BenchRegion } from './bench-region.ts';
import { copyFrom } from './copy-from.ts';
import { INGEST_COMPANY } from './ingest-client.ts';

const TABLE = 'bench_copy';

/** COPY FROM of rows that ingest has stored, into an equally large table with the same indexes. */
export interface CopyReference extends AsyncDisposable {
  /** Each client sends `events` rows in batches of the same size. Each batch is a durable commit. */
  way(clients: number, events: number, batch: number): { prepare(): void; run(): Promise<void> };
}

export async function openCopyReference(
  region: BenchRegion,
  maxClients: number,
): Promise<CopyReference> {
  const { owner } = region;
  await owner.query(`CREATE TABLE ${TABLE} (LIKE events_2026_01 INCLUDING ALL)`);
  await owner.query(`INSERT INTO ${TABLE} SELECT * FROM events_2026_01`);
  const rows = await copyRows(owner);
  const clients: pg.Client[] = [];
  for (let number = 0; number < maxClients; number += 1) {
    const client = new pg.Client({ connectionString: region.url });
    await client.connect();
    clients.push(client);
  }
  return {
    way: (count, events, batch) => {
      let batches: Buffer[][] = [];
      return {
        prepare: () => {
          batches = Array.from({ length: count }, (_, number) =>
            batchesOf(rows, { from: number * events, events, batch }),
          );
        },
        run: async () => {
          await Promise.all(
            batches.map(async (of, number) => {
              const client = clients[number];
              if (client === undefined) throw new RangeError('fewer connections than clients');
              for (const bytes of of) await copyFrom(client, TABLE, bytes);
            }),
          );
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) await client.end();
      await owner.query(`DROP TABLE ${TABLE}`);
    },
  };
}

/** The text before and after an event's id in a line of COPY's text format. */
interface CopyRow {
  readonly before: string;
  readonly id: string;
  readonly after: string;
}

/** Rows with the same times and new ids, like events that are sent again. */
function batchesOf(
  rows: readonly CopyRow[],
  { from, events, batch }: { from: number; events: number; batch: number },
): Buffer[] {
  const lineAt = (index: number) => {
    const row = rows[index % rows.length];
    if (row === undefined) throw new RangeError('there are no rows to copy');
    return row.before + createEventId(microsOfEventId(row.id)) + row.after;
  };
  return Array.from({ length: events / batch }, (_, number) =>
    Buffer.from(
      Array.from({ length: batch }, (_unused, at) => lineAt(from + number * batch + at)).join(''),
    ),
  );
}

/** Stored events as lines of COPY's text format. */
async function copyRows(owner: pg.Pool): Promise<CopyRow[]> {
  const { rows: columns } = await owner.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute WHERE attrelid = 'events'::regclass AND attnum > 0 ORDER BY attnum`,
  );
  const { rows } = await owner.query<(string | null)[]>({
    text: `SELECT ${columns.map(({ name }) => `${name}::text`).join(', ')} FROM events WHERE company_id = $1`,
    values: [INGEST_COMPANY],
    rowMode: 'array',
  });
  const idAt = columns.findIndex(({ name }) => name === 'id');
  return rows.map((row) => {
    const cells = row.map(escaped);
    const before = cells.slice(0, idAt).map((cell) => `${cell}\t`);
    const after = cells.slice(idAt + 1).map((cell) => `\t${cell}`);
    return { before: before.join(''), id: cells[idAt] ?? '', after: `${after.join('')}\n` };
  });
}

function escaped(value: string | null): string {
  if (value === null) return '\\N';
  return value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n');
}
