import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { describeFieldErrors, fieldErrorsOf } from '../../../contract/field-errors.ts';
import { parseJsonBody, rawBody } from '../../../http-edge/json-body.ts';
import { Problem } from '../errors.ts';

/**
 * The body as JSON, checked by a schema.
 * @throws Problem MALFORMED_JSON, VALIDATION_FAILED
 */
export function jsonBody<Schema extends z.ZodType>(
  request: FastifyRequest,
  schema: Schema,
): z.output<Schema> {
  return checked(schema, parseJsonBody(rawBody(request)));
}

/** @throws Problem VALIDATION_FAILED with the fields that are wrong */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { detail, shown } = describeFieldErrors(fieldErrorsOf(parsed.error, { prefix: '' }));
  throw new Problem('VALIDATION_FAILED', detail, { errors: shown });
}
