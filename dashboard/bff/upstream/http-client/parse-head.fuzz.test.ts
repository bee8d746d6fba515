import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { joinChunks } from './join-chunks.ts';
import { parseHead, type ResponseHead } from './parse-head.ts';
import { ResponseReader } from './response-reader.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 1);

type Random = (below: number) => number;

/** mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}

const pick = <Item>(random: Random, items: readonly Item[]): Item => {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

const STATUS_LINES = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 206 Partial Content',
  'HTTP/1.1 304',
  'HTTP/1.1 404 ',
  'HTTP/1.0 200 OK',
  'HTTP/2 200',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 20',
  'HTTP/1.1  200 OK',
  'http/1.1 200 OK',
  'HTTP/1.1 200\tOK',
  'HTTP/1.1 2000 OK',
  'HTTP/1.1 999 ?',
  'SSH-2.0',
  '',
];
const NAMES = [
  'Content-Length',
  'content-length',
  'Transfer-Encoding',
  'ETag',
  'Content-Type',
  'X-A',
  'Connection',
  'Content-Range',
  '__proto__',
  'bad name',
  'é',
  '',
  'X\0',
  'Content-Length ',
];
const VALUES = [
  '0',
  '12',
  '012',
  '+1',
  '-1',
  '1 ',
  '0x10',
  '1,1',
  '99999999999999999999',
  'chunked',
  'gzip',

  '"a:b"',
  'text/csv; charset=utf-8',
  'close',
  'keep-alive',
  '',
  '\t x \t',
  'é',
  '\u00a0',
  '::',
];
const SEPARATORS = [': ', ':', ' : ', ':\t', '', ';'];
const ENDS = ['\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\n ', '\r\n\t', '\0'];
const MUTATIONS = ['\r', '\n', '\0', '\t', ' ', ':', '\x7f', '\x01', '\xff', 'a', '0', '\r\n'];

/** The head of a response that is valid, nearly valid, or far from it; without the empty line at its end. */
function randomHead(random: Random): string {
  const count = random(5);
  let text = random(3) === 0 ? pick(random, STATUS_LINES) : 'HTTP/1.1 200 OK';
  for (let n = 0; n < count; n += 1) {
    const isPlain = random(2) === 0;
    text += isPlain ? '\r\n' : pick(random, ENDS);
    text += pick(random, NAMES) + (isPlain ? ': ' : pick(random, SEPARATORS));
    text += pick(random, VALUES);
  }
  if (random(3) > 0) return text;
  const at = random(text.length + 1);
  const dropped = random(2);
  return text.slice(0, at) + pick(random, MUTATIONS) + text.slice(at + dropped);
}

function parsed(text: string): ResponseHead | undefined {
  try {
    return parseHead(text);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('the api sent')) return undefined;
    throw error;
  }
}

interface NodeParser {
  initialize(type: number, resource: object): void;
  execute(bytes: Buffer): number | Error;
  [callback: number]: unknown;
}
interface NodeParserClass {
  new (): NodeParser;
  readonly RESPONSE: number;
  readonly kOnHeaders: number;
  readonly kOnHeadersComplete: number;
}
const { HTTPParser } = createRequire(import.meta.url)('_http_common') as {
  HTTPParser: NodeParserClass;
};

/** The same head as Node's own parser (llhttp, strict) reads it; undefined if it rejects the head. */
function parsedByNode(text: string): ResponseHead | undefined {
  const parser = new HTTPParser();
  parser.initialize(HTTPParser.RESPONSE, {});
  const lines: string[] = [];
  let statusCode: number | undefined;
  parser[HTTPParser.kOnHeaders | 0] = (more: string[]) => lines.push(...more);
  parser[HTTPParser.kOnHeadersComplete | 0] = (...found: unknown[]) => {
    lines.push(...((found[2] as string[] | undefined) ?? []));
    statusCode = found[5] as number;
    return 0;
  };
  const result = parser.execute(Buffer.from(`${text}\r\n\r\n`, 'latin1'));
  if (result instanceof Error || statusCode === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (let at = 0; at < lines.length; at += 2) {
    const name = (lines[at] ?? '').toLowerCase();
    if (!Object.hasOwn(headers, name))
      Object.defineProperty(headers, name, { value: lines[at + 1], enumerable: true });
  }
  return { statusCode, headers };
}

test('every head of 100,000 that the parser accepts means the same to Node’s own parser', () => {
  const random = randomOf(SEED);
  let accepted = 0;
  for (let n = 0; n < 100_000; n += 1) {
    const text = randomHead(random);
    const ours = parsed(text);
    if (ours === undefined) continue;
    accepted += 1;
    const theirs = parsedByNode(text);
    if (ours.statusCode === theirs?.statusCode && sameHeaders(ours, theirs)) continue;
    expect(ours, `seed ${SEED}, case ${n}: ${JSON.stringify(text)}`).toEqual(theirs);
  }
  // Both outcomes must be common, or the cases prove nothing.
  expect(accepted).toBeGreaterThan(10_000);
  expect(accepted).toBeLessThan(90_000);
});

function sameHeaders({ headers: ours }: ResponseHead, { headers: theirs }: ResponseHead): boolean {
  const names = Object.keys(ours);
  return (
    names.length === Object.keys(theirs).length &&
    names.every((name) => ours[name] === theirs[name])
  );
}

test.each([
  ['a bare line feed in the status line', 'HTTP/1.1 200 OK\nX: y'],
  ['a control character in a value', 'HTTP/1.1 200 OK\r\nX: \x01'],
  ['a length that is not a number', 'HTTP/1.1 200 OK\r\nContent-Length: ten'],
  ['an unknown transfer encoding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip'],
  ['two equal lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1'],
  ['a folded header', 'HTTP/1.1 200 OK\r\nX: y\r\n z'],
])('the parser rejects %s', (_name, text) => {
  expect(parsed(text)).toBeUndefined();
});

test('a response gives the same head and body however its bytes are split', async () => {
  const random = randomOf(SEED + 1);
  for (let n = 0; n < 1_000; n += 1) {
    const text = randomHead(random);
    const body = Buffer.from(Array.from({ length: random(40) }, () => random(256)));
    const bytes = Buffer.concat([Buffer.from(`${text}\r\n\r\n`, 'latin1'), body]);
    const whole = await readInPieces(bytes, () => bytes.length);
    const split = await readInPieces(bytes, () => 1 + random(12));
    if (JSON.stringify(split) !== JSON.stringify(whole)) expect(split, text).toEqual(whole);
  }
});

/** Feeds a reader through its buffers, as a socket does. */
async function readInPieces(bytes: Buffer, sizeOf: () => number) {
  const socket = Object.assign(new EventEmitter(), {
    closed: false,
    resume: () => undefined,
    destroy: () => undefined,
  }) as unknown as Socket;
  let head: ResponseHead | undefined;
  const reader = new ResponseReader((found) => {
    head = found;
  });
  reader.attach(socket);
  const body: Buffer[] = [];
  let reading: Promise<void> | undefined;
  for (let at = 0; at < bytes.length; ) {
    const buffer = reader.nextBuffer();
    const size = bytes.copy(buffer, 0, at, at + sizeOf());
    at += size;
    reader.onRead(size, buffer);
    if (head === undefined || reading !== undefined) continue;
    reading = reader.start((piece, done) => {
      body.push(Buffer.from(piece));
      done();
    });
  }
  socket.emit('close');
  await reading;
  return { head, body: head === undefined ? '' : Buffer.concat(body).toString('hex') };
}

test('50,000 chunked bodies are joined to their content, and broken ones end without an error', () => {
  const random = randomOf(SEED + 2);
  for (let n = 0; n < 50_000; n += 1) {
    const parts = Array.from({ length: random(4) }, () => 'x'.repeat(1 + random(20)));
    const chunks = parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`);
    const body = Buffer.from(`${chunks.join('')}0\r\n\r\n`);
    if (joinChunks(body).toString() !== parts.join('')) expect.fail(`seed ${SEED}, case ${n}`);
    body[random(body.length)] = random(256);
    if (joinChunks(body.subarray(0, random(body.length + 1))).length > 100)
      expect.fail(`seed ${SEED}, case ${n}`);
  }
});
