import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finishedExport } from '../../../../testing/finished-export.ts';
import { fuzzSettings } from '../../../../testing/fuzz/fuzz-settings.ts';
import { hostileEvents, textPool } from '../../../../testing/fuzz/hostile-events.ts';
import { startTestApi, type TestApi } from '../../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../../testing/test-region.ts';
import { type ExportWorker, startExportWorker } from '../run/export-worker.ts';
import { COMPRESSIONS, type Compression } from './compression.ts';
import { patient } from '../../../../testing/patience.ts';

const { cases, seed } = fuzzSettings(300);
const BATCH = 500;

let region: TestRegion;
let api: TestApi;
let worker: ExportWorker;
let key: string;
let workspaceId: string;

const [pool = []] = fc.sample(textPool, { seed, numRuns: 1 });
const sent = fc.sample(hostileEvents(pool), { seed, numRuns: cases });
type Sent = (typeof sent)[number];
const events = new Map<string, Sent>();

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  worker = await startExportWorker(region.worker());
  const company = await region.company();
  [workspaceId] = company.workspaceIds;
  key = await region.key(company, { workspaceId });
  for (let from = 0; from < sent.length; from += BATCH) {
    const some = sent.slice(from, from + BATCH);
    const answer = await api.request(key, 'POST', '/v1/events', { body: { events: some } });
    const { results } = (await answer.json()) as { results: { id: string }[] };
    for (const [index, event] of some.entries()) events.set(results[index]?.id ?? '', event);
  }
  expect(events.size).toBe(cases);
}, patient(3_600_000));

afterAll(async () => {
  await worker?.stop();
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

async function exported(body: { compression: Compression; [option: string]: unknown }) {
  const job = await finishedExport(api, key, body);
  expect(job).toMatchObject({ status: 'succeeded', rowsExported: cases });
  const answer = await api.request(key, 'GET', `/v1/exports/${job.jobId}/download`);
  const file = Buffer.from(await answer.arrayBuffer());
  if (body.compression === 'gzip') return gunzipSync(file);
  return body.compression === 'zstd' ? zstdDecompressSync(file) : file;
}

const text = (value: unknown) => (value === undefined ? '' : JSON.stringify(value));

/** Expected cells of an event, computed from the event as sent without the product's code. */
function cellsOf(id: string, event: Sent): Record<string, string> {
  const { actor = {}, resource = {}, geo } = event;
  return {
    id,
    timestamp: event.timestamp,
    workspaceId,
    projectId: event.projectId ?? '',
    category: event.category,
    action: event.action,
    actorId: actor.id ?? '',
    actorEmail: actor.email ?? '',
    actorRole: actor.role ?? '',
    resourceType: resource.type ?? '',
    resourceId: resource.id ?? '',
    metadata: text(event.metadata),
    tags: text(event.tags),
    traceId: event.traceId ?? '',
    ipAddress: event.ipAddress ?? '',
    geo: typeof geo === 'string' ? geo : text(geo),
    userAgent: event.userAgent ?? '',
  };
}

const UNGUARDED = new Set(['id', 'timestamp', 'workspaceId', 'metadata', 'tags']);

test.each(
  COMPRESSIONS.flatMap((compression) =>
    [true, false].flatMap((formulaGuard) =>
      [true, false].map((bom) => ({ compression, csv: { formulaGuard, bom } })),
    ),
  ),
)(
  'an independent parser reads every cell of every event back from CSV ($compression, $csv)',
  async (options) => {
    const content = await exported({ format: 'CSV', ...options });
    const { formulaGuard, bom } = options.csv;
    expect(content.subarray(0, 3).equals(Buffer.from('\ufeff'))).toBe(bom);
    const rows: Record<string, string>[] = parse(content, {
      columns: true,
      bom,
      record_delimiter: '\r\n',
    });
    expect(rows.map(({ id }) => id)).toEqual([...events.keys()].sort());
    for (const row of rows) {
      const cells = cellsOf(row['id'] ?? '', events.get(row['id'] ?? '') ?? expect.unreachable());
      for (const [name, cell] of Object.entries(row)) {
        const isGuarded =
          formulaGuard && !UNGUARDED.has(name) && /^[=+\-@\t\r']/.test(cells[name] ?? '');
        expect(cell, name).toBe(isGuarded ? `'${cells[name]}` : cells[name]);
        if (formulaGuard && !UNGUARDED.has(name)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }
      expect(Object.keys(row)).toEqual(Object.keys(cells));
    }
  },
  patient(3_600_000),
);

test.each(COMPRESSIONS)(
  'JSON.parse reads every event back from JSONL (%s)',
  async (compression) => {
    const content = await exported({ format: 'JSONL', compression });
    const lines = content.toString('utf8').split('\n');
    expect(lines.pop()).toBe('');
    const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(read.map((event) => event['id'])).toEqual([...events.keys()].sort());
    for (const { id, companyId: _company, workspaceId: where, ...event } of read) {
      expect(where).toBe(workspaceId);
      expect(event).toEqual(events.get(String(id)));
    }
  },
  patient(3_600_000),
);
