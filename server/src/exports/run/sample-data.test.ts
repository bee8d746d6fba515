import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  HAS_SAMPLE_DATA,
  SAMPLE_DATA_TITLE,
  sampleLines,
} from '../../../../testing/sample-data.ts';
import { startTestApi, type TestApi } from '../../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../../testing/test-region.ts';
import { waitForExport } from '../../../../testing/wait-for-export.ts';
import { type ExportWorker, startExportWorker } from './export-worker.ts';
import { patient } from '../../../../testing/patience.ts';

interface Sent {
  readonly line: string;
  readonly status: 'created' | 'replayed' | 'rejected';
  readonly id: string;
  readonly code?: string;
}

describe.skipIf(!HAS_SAMPLE_DATA)(`real events of eight kinds${SAMPLE_DATA_TITLE}`, () => {
  let region: TestRegion;
  let api: TestApi;
  let worker: ExportWorker;
  let key: string;
  const sent: Sent[] = [];

  beforeAll(async () => {
    region = await createTestRegion();
    api = await startTestApi([region.api]);
    worker = await startExportWorker(region.worker({ sliceRows: 1_000 }));
    const company = await region.company();
    key = await region.key(company, { workspaceId: company.workspaceIds[0] });
    const lines = sampleLines();
    for (let at = 0; at < lines.length; at += 1000) {
      const batch = lines.slice(at, at + 1000);
      const answer = await api.request(key, 'POST', '/v1/events', {
        body: `{"events":[${batch.join(',')}]}`,
      });
      const { results } = (await answer.json()) as {
        results: (Omit<Sent, 'line'> & { index: number })[];
      };
      for (const [index, line] of batch.entries())
        sent.push({ line, ...(results[index] as Omit<Sent, 'line'>) });
    }
  }, patient(120_000));
  afterAll(async () => {
    await worker?.stop();
    await api?.[Symbol.asyncDispose]();
    await region?.[Symbol.asyncDispose]();
  });

  async function download(
    body: object,
  ): Promise<{ stored: Buffer; rows: number; contentSha256: string | null }> {
    const created = await api.request(key, 'POST', '/v1/exports', { body });
    const { jobId } = (await created.json()) as { jobId: string };
    const job = await waitForExport(api, key, jobId);
    expect(job.status).toBe('succeeded');
    const answer = await api.request(key, 'GET', `/v1/exports/${jobId}/download`);
    const stored = Buffer.from(await answer.arrayBuffer());
    expect(createHash('sha256').update(stored).digest('hex')).toBe(job.sha256);
    return { stored, rows: job.rowsExported, contentSha256: job.contentSha256 };
  }

  test('each real event is created or replayed, or refused only because of its idempotency key', () => {
    const count = (status: Sent['status']) => sent.filter((item) => item.status === status).length;
    console.log(
      `sent ${sent.length}, created ${count('created')}, replayed ${count('replayed')}, rejected ${count('rejected')}`,
    );
    expect(count('created') + count('replayed') + count('rejected')).toBe(sent.length);
    expect(
      new Set(sent.filter((item) => item.status === 'rejected').map((item) => item.code)),
    ).toEqual(new Set(['IDEMPOTENCY_CONFLICT']));
  });

  test('the JSONL file contains every accepted event once, with every field and digit as sent', async () => {
    const { stored, rows } = await download({ format: 'JSONL' });
    const lines = stored.toString('utf8').split('\n').slice(0, -1);
    const created = new Map(
      sent.filter((item) => item.status === 'created').map((item) => [item.id, item.line]),
    );
    expect(rows).toBe(created.size);
    expect(lines.map(idOf)).toEqual([...created.keys()].sort());
    const different = lines.filter((line) => {
      const sentFields = fieldsWithSource(created.get(idOf(line)) ?? '', []);
      return !isDeepStrictEqual(
        fieldsWithSource(line, ['id', 'companyId', 'workspaceId']),
        sentFields,
      );
    });
    expect(different).toEqual([]);
  });

  test.each(['gzip', 'zstd'] as const)(
    'a file with %s compression has the same content',
    async (compression) => {
      const plain = await download({ format: 'JSONL' });
      const packed = await download({ format: 'JSONL', compression });
      const unpacked =
        compression === 'gzip' ? gunzipSync(packed.stored) : zstdDecompressSync(packed.stored);
      expect(unpacked.equals(plain.stored)).toBe(true);
      expect(packed.contentSha256).toBe(plain.contentSha256);
    },
  );

  test.each([false, true])(
    'CSV parsed by an independent parser has the same cells (formula guard %s)',
    async (formulaGuard) => {
      const { stored } = await download({ format: 'CSV', csv: { formulaGuard } });
      const text = stored.toString('utf8');
      expect(text.endsWith('\r\n')).toBe(true);
      const rows = parse(text, { record_delimiter: '\r\n', columns: true }) as Record<
        string,
        string
      >[];
      const created = new Map(
        sent.filter((item) => item.status === 'created').map((item) => [item.id, item.line]),
      );
      expect(rows.map((row) => row['id'])).toEqual([...created.keys()].sort());
      // One comparison for all cells: an expect per cell takes half a minute for 350,000 cells.
      const cells = rows.map((row) => (formulaGuard ? unguarded(row) : row));
      const different = cells.filter((row) => {
        const expected = expectedCells(created.get(row['id'] ?? '') ?? '');
        return Object.entries(expected).some(([name, cell]) => row[name] !== cell);
      });
      expect(different).toEqual([]);
    },
  );
});

function idOf(line: string): string {
  return (JSON.parse(line) as { id: string }).id;
}

/** Top-level fields with every number as its source text, so that 9007199254740993 differs from 9007199254740992. */
function fieldsWithSource(line: string, without: readonly string[]): Record<string, unknown> {
  const reviver = (_key: string, value: unknown, context: { source?: string }) =>
    typeof value === 'number' ? `number ${context.source}` : value;
  const fields = JSON.parse(line, reviver as (key: string, value: unknown) => unknown) as Record<
    string,
    unknown
  >;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !without.includes(name)));
}

/** Removes the leading ' of every guarded cell; a cell that a spreadsheet would execute is a failure. */
function unguarded(row: Record<string, string>): Record<string, string> {
  const cells = Object.entries(row);
  const unsafe = cells.filter(([, cell]) => /^[=+\-@\t\r]/.test(cell));
  if (unsafe.length > 0) throw new Error(`not guarded: ${JSON.stringify(unsafe)}`);
  return Object.fromEntries(cells.map(([name, cell]) => [name, cell.replace(/^'/, '')]));
}

function expectedCells(line: string): Record<string, string> {
  const event = JSON.parse(line) as Record<string, string | undefined> & {
    actor?: Record<string, string>;
    resource?: Record<string, string>;
  };
  return {
    timestamp: event['timestamp'] ?? '',
    projectId: event['projectId'] ?? '',
    category: event['category'] ?? '',
    action: event['action'] ?? '',
    actorId: event.actor?.['id'] ?? '',
    actorEmail: event.actor?.['email'] ?? '',
    actorRole: event.actor?.['role'] ?? '',
    resourceType: event.resource?.['type'] ?? '',
    resourceId: event.resource?.['id'] ?? '',
    traceId: event['traceId'] ?? '',
    ipAddress: event['ipAddress'] ?? '',
    userAgent: event['userAgent'] ?? '',
    metadata: metadataText(line),
  };
}

/** The metadata as it is in the line; the samples are already compact. */
function metadataText(line: string): string {
  const [, text = ''] =
    /"metadata":(\{.*\})(?:,"(?:traceId|ipAddress|userAgent|idempotencyKey|tags|geo)":.*)?\}$/s.exec(
      line,
    ) ?? [];
  return shortestObject(text);
}

/** The first complete JSON object at the start of a text. */
function shortestObject(text: string): string {
  for (let end = text.indexOf('}') + 1; end > 0; end = text.indexOf('}', end) + 1) {
    try {
      JSON.parse(text.slice(0, end));
      return text.slice(0, end);
    } catch {
      // The object is not complete yet.
    }
  }
  return text;
}
