// Exports one month to a file. When downloadTo resolves, the file is complete and its SHA-256 matches.
import { createWriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { createClient } from '@exhibit/client';

const client = createClient({
  baseUrl: process.env.EXHIBIT_API_URL ?? 'http://127.0.0.1:4600',
  apiKey: process.env.EXHIBIT_API_KEY ?? '',
});

const { jobId } = await client.exports.create({
  format: 'JSONL',
  compression: 'gzip',
  filters: { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' },
  purpose: 'monthly archive',
});
const job = await client.exports.wait(jobId, {
  onProgress: ({ status, rowsExported }) => console.error(`${status}: ${rowsExported} rows`),
});
if (job.status !== 'succeeded')
  throw new Error(job.failureSummary ?? `The export ended with status ${job.status}.`);

const path = process.argv[2] ?? 'events.jsonl.gz';
const { bytes, sha256 } = await client.exports.downloadTo(
  jobId,
  Writable.toWeb(createWriteStream(path)),
);
console.log(`${job.rowsExported} rows, ${bytes} bytes, SHA-256 ${sha256}`);
