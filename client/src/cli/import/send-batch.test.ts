import { expect, test } from 'vitest';
import { createClient } from '../../client.ts';
import type { ImportLine } from './batches.ts';
import { sendBatch } from './send-batch.ts';

const MAX_BYTES = 200;

/** Rejects whole bodies that are too large or contain `poison`, like a server that cannot parse them. */
const client = createClient({
  baseUrl: 'http://exhibit.test',
  apiKey: 'exh_us_secret',
  fetch: async (input, init) => {
    const body = await new Request(input, init).text();
    if (body.length > MAX_BYTES) return refusal(413, 'PAYLOAD_TOO_LARGE');
    if (body.includes('poison')) return refusal(400, 'MALFORMED_JSON');
    const { events }: { events: unknown[] } = JSON.parse(body);
    const results = events.map((_event, index) => ({
      index,
      status: 'created',
      id: String(index),
    }));
    return Response.json({ results, created: events.length, replayed: 0, rejected: 0 });
  },
});

function refusal(status: number, code: string): Response {
  const headers = { 'content-type': 'application/problem+json' };
  return new Response(JSON.stringify({ code, detail: 'no', status }), { status, headers });
}

function line(number: number, json: string): ImportLine {
  return { file: 'f', number, original: Buffer.from(json), json: Buffer.from(json) };
}

test('splits a batch that was rejected as a whole until the invalid line is alone', async () => {
  const lines = Array.from({ length: 50 }, (_, index) => line(index + 1, `{"n":${index}}`));
  lines[7] = line(8, '{"action":"poison"}');
  lines[30] = line(31, `{"action":"${'x'.repeat(MAX_BYTES)}"}`);
  const outcome = await sendBatch(client, lines, new AbortController().signal);
  expect(outcome).toMatchObject({ created: 48, replayed: 0 });
  expect(outcome.rejected.map(({ line: { number }, code }) => [number, code])).toEqual([
    [8, 'MALFORMED_JSON'],
    [31, 'PAYLOAD_TOO_LARGE'],
  ]);
});
