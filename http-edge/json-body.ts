import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { describeFieldErrors } from '../contract/field-errors.ts';
import { jsonContractErrors } from '../contract/json/json-contract.ts';
import { parseJsonExactly } from '../contract/json/parse-json-exactly.ts';
import { EdgeProblem } from './edge-problem.ts';
import type { BodyReceiver } from './receive-body.ts';

/**
 * JSON bodies reach handlers as bytes: events must keep every digit, and the dashboard passes bodies to the api
 * unchanged. Fastify rejects every type but application/json (415).
 */
export function readBodiesAsBytes(app: FastifyInstance, receiver: BodyReceiver): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    async (request: FastifyRequest, payload: Readable) => {
      if (isEncoded(request)) throw encodedBody();
      return receiver.receive(request, payload);
    },
  );
}

/** Bodies are never decompressed, so a small request cannot expand to a huge one. */
function isEncoded({ headers }: FastifyRequest): boolean {
  return (headers['content-encoding'] ?? 'identity').trim().toLowerCase() !== 'identity';
}

function encodedBody(): EdgeProblem {
  return new EdgeProblem('UNSUPPORTED_MEDIA_TYPE', 'Send the body without a Content-Encoding.');
}

/** The raw body; empty if there was none. */
export function rawBody(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/**
 * Parses a body. Numbers that a double cannot hold become the text of their digits, which a schema that wants a number
 * rejects (parse-json-exactly.ts).
 * @throws EdgeProblem MALFORMED_JSON; VALIDATION_FAILED for duplicate keys, `\u0000`, lone surrogates and deep nesting
 */
export function parseJsonBody(body: Buffer): unknown {
  if (!isUtf8(body)) throw new EdgeProblem('MALFORMED_JSON', 'The body is not valid UTF-8.');
  const text = body.toString('utf8');
  const value = parse(text);
  // JSON.parse keeps the last of two equal keys: a filter written first would be dropped.
  const errors = jsonContractErrors(text);
  if (errors.length === 0) return value;
  const { detail, shown } = describeFieldErrors(errors);
  throw new EdgeProblem('VALIDATION_FAILED', detail, { errors: shown });
}

function parse(text: string): unknown {
  try {
    return parseJsonExactly(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new EdgeProblem(
      'MALFORMED_JSON',
      text === '' ? 'A JSON body is required.' : `The body is not valid JSON: ${reason}.`,
      { cause: error },
    );
  }
}
