import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../errors.ts';
import { nameFault } from './name-fault.ts';
import type { BodyReceiver } from './receive-body.ts';

/** Bodies reach handlers as bytes: what goes to the api goes unchanged, numbers keep their digits. */
export function readBodiesAsBytes(app: FastifyInstance, receiver: BodyReceiver): void {
  app.removeAllContentTypeParsers();
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
  return checked(schema, parseJson(rawBody(request)));
}

/** @throws Problem VALIDATION_FAILED naming what is wrong */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  const first = errors[0];
  const detail =
    first === undefined ? '' : `${first.path === '' ? '' : `${first.path}: `}${first.message}.`;
  throw new Problem('VALIDATION_FAILED', detail, { errors });
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (error) {
    throw new Problem(
      'MALFORMED_JSON',
      body.length === 0 ? 'A JSON body is required.' : 'The body is not valid JSON.',
      { cause: error },
    );
  }
}

/** Neither NUL, which PostgreSQL cannot hold, nor half a surrogate pair, which UTF-8 cannot carry. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** One line without invisible characters, trimmed, 1–`maxCharacters` characters, in Unicode normal form C. */
export const nameSchema = (maxCharacters: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(maxCharacters, `must have at most ${maxCharacters} characters`)
    .superRefine((name, context) => {
      const message = nameFault(name);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .transform((name) => name.normalize('NFC'));

export const uuidSchema = z.guid().transform((id) => id.toLowerCase());

export const emailSchema = z
  .string()
  .trim()
  .max(254)
  .transform((text) => text.toLowerCase())
  .pipe(z.email('must be an email address'));

export const passwordSchema = z
  .string()
  .min(10, 'must have at least 10 characters')
  .max(128, 'must have at most 128 characters')
  .refine(isStorable, 'must be plain text');
