import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { formatLine } from './canonical-line.ts';
import { createEventId } from '../../event-id.ts';
import { parseEventsBody } from './parse-events.ts';

/** The sample data folder: real audit events, if present next to the repository. */
const FOLDER =
  process.env['EXHIBIT_TEST_DATA'] ?? join(import.meta.dirname, '../../../../..', 'shared', 'data');

const STORED = {
  id: createEventId(0),
  companyId: '01990000-0000-7000-8000-00000000000c',
  workspaceId: '01990000-0000-7000-8000-00000000000a',
  timestampText: '2026-05-14T00:00:00Z',
};

test('real audit events of many products are stored exactly as they were sent', ({ skip }) => {
  skip(!existsSync(FOLDER), 'no sample data folder');
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl.gz'));
  expect(files).not.toEqual([]);
  for (const file of files) {
    const sent = gunzipSync(readFileSync(join(FOLDER, file)))
      .toString()
      .trimEnd()
      .split('\n');
    for (let at = 0; at < sent.length; at += 1000) compareBatch(sent.slice(at, at + 1000));
  }
});

function compareBatch(sent: readonly string[]): void {
  const parsed = parseEventsBody(Buffer.from(`{"events":[${sent.join(',')}]}`));
  if (parsed.kind !== 'batch') throw new Error('not a batch');
  expect(parsed.items).toHaveLength(sent.length);
  for (const [index, item] of parsed.items.entries()) {
    if (!item.ok) throw new Error(`${JSON.stringify(item.errors)} in ${sent[index]}`);
    const line: unknown = JSON.parse(formatLine(item.event, STORED));
    const original: unknown = JSON.parse(sent[index] ?? '');
    const { timestampText, ...own } = STORED;
    const expected = { timestamp: timestampText, ...Object(original), ...own };
    // Called only on failure, for the message: expect takes seconds for this many events.
    if (!isDeepStrictEqual(line, expected)) expect(line).toEqual(expected);
    // Compares texts, because parsing both would hide digits that a double cannot hold.
    const altered = Object.values(item.event.raw).filter((text) => !sent[index]?.includes(text));
    if (altered.length > 0) expect(altered).toEqual([]);
  }
}
