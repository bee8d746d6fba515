import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Problem } from '../errors.ts';
import { jsonContractErrors } from '../../../contract/json/json-contract.ts';
import { parseJsonExactly } from '../../../contract/json/parse-json-exactly.ts';
import { problemFromZodError, validationProblem } from '../events/query/validation-problem.ts';
import type { BodyReceiver } from './receive-body.ts';

/**
 * JSON bodies reach handlers as bytes: POST /v1/events must keep every digit, and the others answer with
 * our own codes. Anything but application/json is refused by Fastify (415).
 */
export function readBodiesAsBytes(app: FastifyInstance, receiver: BodyReceiver): void {
  app.removeAllContentTypeParsers();
  receiver.watch(app);
  app.addContentTypeParser(
    'application/json',
    async (request: FastifyRequest, payload: Readable) => {
      if (isCoded(request)) throw codedBody();
      return receiver.receive(request, payload);
    },
  );
}

/** Nothing is inflated here, so nothing small can become something huge. */
function isCoded({ headers }: FastifyRequest): boolean {
  return (headers['content-encoding'] ?? 'identity').trim().toLowerCase() !== 'identity';
}

function codedBody(): Problem {
  return new Problem('UNSUPPORTED_MEDIA_TYPE', 'Send the body without a Content-Encoding.');
}

/** The raw body; empty when there was none. */
export function rawBody(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/**
 * The body as JSON, checked by a schema.
 * @throws Problem MALFORMED_JSON, VALIDATION_FAILED
 */
export function jsonBody<Schema extends z.ZodType>(
  request: FastifyRequest,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(rawBody(request)));
  if (parsed.success) return parsed.data;
  throw problemFromZodError(parsed.error, { prefix: '' });
}

function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw new Problem('MALFORMED_JSON', 'The body is not valid UTF-8.');
  const text = body.toString('utf8');
  try {
    const value = parseJsonExactly(text);
    // JSON.parse keeps the last of two equal keys: the filter that was written first would be dropped.
    const errors = jsonContractErrors(text);
    if (errors.length > 0) throw validationProblem(errors);
    return value;
  } catch (error) {
    if (error instanceof Problem) throw error;
    const reason = error instanceof Error ? error.message : '';
    throw new Problem(
      'MALFORMED_JSON',
      body.length === 0 ? 'A JSON body is required.' : `The body is not valid JSON: ${reason}.`,
    );
  }
}
