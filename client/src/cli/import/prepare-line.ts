import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type Line, MAX_LINE_BYTES } from './read-lines.ts';

export type PreparedLine =
  | { readonly ok: true; readonly json: Buffer }
  | { readonly ok: false; readonly code: string; readonly detail: string }
  /** White space only. */
  | undefined;

interface LinePreparation {
  /** Workspace id, in lower case, for lines that do not name one. */
  readonly workspaceId: string | undefined;
  /** Distinguishes the lines of this file from equal lines of another; default: the file's first event. */
  readonly source: string | undefined;
}

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Prepares the lines of one file for sending. Lines are sent byte for byte, except that a missing idempotencyKey (and
 * workspaceId, if one was given) is inserted before the first member. JSON is parsed only for inspection, because
 * serializing it again would change numbers beyond 2^53, duplicate keys and escapes.
 *
 * The derived key is the SHA-256 of the source, the line number and the line. So importing a file again creates no
 * duplicates, and two equal lines in a file are two events. Lines may be appended, and lines other than the first
 * event corrected, without changing the keys of the others.
 */
export class LinePreparer {
  readonly #options: LinePreparation;
  #source: string | undefined;

  constructor(options: LinePreparation) {
    this.#options = options;
    this.#source = options.source;
  }

  prepare({ number, bytes }: Line): PreparedLine {
    if (bytes === undefined) {
      const max = MAX_LINE_BYTES / 1024 / 1024;
      return refused('PAYLOAD_TOO_LARGE', `is longer than ${max} MiB`);
    }
    const line = trim(bytes);
    if (line.length === 0) return undefined;
    if (!isUtf8(line)) return refused('MALFORMED_JSON', 'is not valid UTF-8');
    const event = parse(line);
    if (event instanceof SyntaxError) return refused('MALFORMED_JSON', event.message);
    if (typeof event !== 'object' || event === null || Array.isArray(event))
      return refused('VALIDATION_FAILED', 'must be a JSON object');
    this.#source ??= hash(line);
    return { ok: true, json: insert(line, this.#missingMembers(event, number, line)) };
  }

  #missingMembers(event: object, number: number, line: Buffer): string[] {
    const { workspaceId } = this.#options;
    const missing: string[] = [];
    if (!Object.hasOwn(event, 'idempotencyKey')) {
      const key = hash(`${this.#source}\n${number}\n`, line);
      missing.push(`"idempotencyKey":"import-${key}"`);
    }
    if (workspaceId !== undefined && !Object.hasOwn(event, 'workspaceId'))
      missing.push(`"workspaceId":"${workspaceId}"`);
    return missing;
  }
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8')) as unknown;
  } catch (error) {
    return error;
  }
}

/** Inserts members before the first member of a JSON object. */
function insert(object: Buffer, members: readonly string[]): Buffer {
  if (members.length === 0) return object;
  const afterBrace = object.indexOf(OPEN_BRACE) + 1;
  const separator = isEmptyObject(object, afterBrace) ? '' : ',';
  return Buffer.concat([
    object.subarray(0, afterBrace),
    Buffer.from(members.join(',') + separator),
    object.subarray(afterBrace),
  ]);
}

function isEmptyObject(object: Buffer, afterBrace: number): boolean {
  return object.subarray(afterBrace).find((byte) => !WHITE_SPACE.has(byte)) === CLOSE_BRACE;
}

/** Removes surrounding JSON white space, so that CRLF and LF files have the same lines. */
function trim(line: Buffer): Buffer {
  let start = 0;
  let end = line.length;
  while (start < end && WHITE_SPACE.has(line[start] ?? 0)) start++;
  while (end > start && WHITE_SPACE.has(line[end - 1] ?? 0)) end--;
  return line.subarray(start, end);
}

function hash(...parts: readonly (string | Buffer)[]): string {
  const sha256 = createHash('sha256');
  for (const part of parts) sha256.update(part);
  return sha256.digest('base64url');
}

function refused(code: string, detail: string): PreparedLine {
  return { ok: false, code, detail };
}
