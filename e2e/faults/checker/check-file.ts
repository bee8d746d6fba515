import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type pg from 'pg';
import type { RequestedJob, Evidence, JobRow } from './evidence.ts';
import { parseCsv } from './parse-csv.ts';

interface EventRow {
  readonly id: string;
  readonly line: string;
}

interface CutEvents {
  /** The events that the file must contain. */
  readonly expected: EventRow[];
  /** Id of an event that existed before the export was requested but is not within the cut. */
  readonly leftOut: string | undefined;
}

/**
 * Checks that the file exists, matches its digests and contains exactly the events of its cut, in order, and that the
 * cut includes every event that was acknowledged before the export was requested.
 */
export async function checkFile(
  client: pg.Client,
  evidence: Evidence,
  asked: RequestedJob,
  row: JobRow,
): Promise<string[]> {
  const answer = await fetch(`${evidence.bucketUrl}/${evidence.prefix}${row.artifact_key}`);
  if (answer.status !== 200) return [`succeeded, but its file is missing (${answer.status})`];
  const stored = Buffer.from(await answer.arrayBuffer());
  const wrong: string[] = [];
  if (String(stored.length) !== row.bytes)
    wrong.push(`the file has ${stored.length} bytes, the job says ${row.bytes}`);
  if (sha256(stored) !== row.sha256) wrong.push('the file does not match its digest');
  const content = decompress(stored, asked.compression);
  if (content === undefined) return [...wrong, 'the file cannot be decompressed'];
  if (sha256(content) !== row.content_sha256) wrong.push('the content does not match its digest');
  if (row.truncated) wrong.push('says that it was truncated');
  const { expected, leftOut } = await cutEvents(client, evidence, asked, row.cut ?? {});
  if (leftOut !== undefined)
    wrong.push(`its cut omits event ${leftOut}, which was acknowledged before the request`);
  if (String(expected.length) !== row.rows_exported)
    wrong.push(`its cut has ${expected.length} events, the job says ${row.rows_exported}`);
  const difference =
    asked.format === 'JSONL' ? compareLines(content, expected) : compareCsv(content, expected);
  return difference === undefined ? wrong : [...wrong, difference];
}

async function cutEvents(
  client: pg.Client,
  { companyId, acknowledgedEvents }: Evidence,
  { category, acknowledgedBefore }: RequestedJob,
  cut: Readonly<Record<string, string>>,
): Promise<CutEvents> {
  const { rows } = await client.query<EventRow & { workspace_id: string; seq: string }>(
    'SELECT id, workspace_id, seq::text AS seq, line FROM events WHERE company_id = $1',
    [companyId],
  );
  const byCut = Map.groupBy(
    rows,
    ({ workspace_id, seq }) => Number(seq) <= Number(cut[workspace_id] ?? 0),
  );
  const acknowledged = new Set([...acknowledgedEvents].slice(0, acknowledgedBefore));
  return {
    expected: (byCut.get(true) ?? [])
      .filter(({ line }) => category === undefined || parse(line).category === category)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    leftOut: byCut
      .get(false)
      ?.find(({ id, line }) => acknowledged.has(id) || parse(line).category !== 'late')?.id,
  };
}

function compareLines(content: Buffer, expected: readonly EventRow[]): string | undefined {
  const lines = content.toString('utf8').split('\n');
  if (lines.pop() !== '') return 'the last line has no line end';
  const at = expected.findIndex(({ line }, index) => lines[index] !== line);
  if (at >= 0) return `line ${at + 1} of ${lines.length} is not event ${expected[at]?.id}`;
  return lines.length === expected.length
    ? undefined
    : `${lines.length} lines, ${expected.length} events`;
}

function compareCsv(content: Buffer, expected: readonly EventRow[]): string | undefined {
  const [header = [], ...records] = parseCsv(content.toString('utf8'));
  if (header.join() !== CSV_HEADER) return `the header is ${header.join()}`;
  if (records.length !== expected.length)
    return `${records.length} rows, ${expected.length} events`;
  for (const [at, { line }] of expected.entries()) {
    const cells = csvCells(parse(line));
    for (const [column, name] of header.entries()) {
      const [cell = '', wanted = ''] = [records[at]?.[column], cells[column]];
      const same = JSON_COLUMNS.has(name) ? sameJson(cell, wanted) : cell === wanted;
      if (!same) return `row ${at + 1}: ${name} is ${cell}, not ${wanted}`;
    }
  }
  return undefined;
}

const CSV_HEADER =
  'id,timestamp,workspaceId,projectId,category,action,actorId,actorEmail,actorRole,resourceType,resourceId,metadata,tags,traceId,ipAddress,geo,userAgent';
const JSON_COLUMNS: ReadonlySet<string> = new Set(['metadata', 'tags']);

/** The row of an event according to the specification, in the order of the header. */
function csvCells(event: ParsedLine): string[] {
  const { actor = {}, resource = {}, metadata, tags } = event;
  const json = (value: unknown) => (value === undefined ? '' : JSON.stringify(value));
  const guarded = [
    event.projectId,
    event.category,
    event.action,
    actor.id,
    actor.email,
    actor.role,
    resource.type,
    resource.id,
    undefined,
    undefined,
    event.traceId,
    event.ipAddress,
    event.geo,
    event.userAgent,
  ].map((value = '') => (/^[=+\-@\t\r']/.test(value) ? `'${value}` : value));
  const cells = [event.id, event.timestamp, event.workspaceId, ...guarded];
  cells[11] = json(metadata);
  cells[12] = json(tags);
  return cells;
}

/** The file contains the text as it was sent, possibly with different spaces and escapes. */
function sameJson(one: string, other: string): boolean {
  if (one === '' || other === '') return one === other;
  return isDeepStrictEqual(JSON.parse(one), JSON.parse(other));
}

interface ParsedLine {
  readonly id: string;
  readonly timestamp: string;
  readonly workspaceId: string;
  readonly projectId?: string;
  readonly category: string;
  readonly action: string;
  readonly actor?: { readonly id?: string; readonly email?: string; readonly role?: string };
  readonly resource?: { readonly type?: string; readonly id?: string };
  readonly metadata?: unknown;
  readonly tags?: unknown;
  readonly traceId?: string;
  readonly ipAddress?: string;
  readonly geo?: string;
  readonly userAgent?: string;
}

function parse(line: string): ParsedLine {
  return JSON.parse(line) as ParsedLine;
}

function decompress(stored: Buffer, compression: RequestedJob['compression']): Buffer | undefined {
  try {
    if (compression === 'none') return stored;
    return compression === 'gzip' ? gunzipSync(stored) : zstdDecompressSync(stored);
  } catch {
    return undefined;
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
