import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { parseJsonBody, rawBody } from '../../../http-edge/json-body.ts';
import { problemFromZodError } from '../events/query/validation-problem.ts';

/**
 * The body as JSON, checked by a schema.
 * @throws Problem MALFORMED_JSON, VALIDATION_FAILED, or the code that an issue of the schema requests
 */
export function jsonBody<Schema extends z.ZodType>(
  request: FastifyRequest,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(parseJsonBody(rawBody(request)));
  if (parsed.success) return parsed.data;
  throw problemFromZodError(parsed.error, { prefix: '' });
}
