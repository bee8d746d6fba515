import { z } from 'zod';
import { type QueryParameters, parseQueryString } from '../../events/query/event-query-string.ts';
import type { EventQuery } from '../../../../contract/event-query.ts';
import { problemFromZodError } from '../../events/query/validation-problem.ts';

/** A whole number in a query parameter. */
export function wholeNumber(min: number, max: number) {
  return z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .optional();
}

/**
 * Parses a route's own query parameters and returns the others unparsed.
 * @throws Problem VALIDATION_FAILED
 */
function takeParameters<Schema extends z.ZodObject>(
  query: unknown,
  schema: Schema,
): { own: z.output<Schema>; rest: QueryParameters } {
  // Fastify's URL parser returns a string, or an array of strings for a repeated parameter.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const all = Object.entries(query as QueryParameters);
  const isOwn = ([name]: [string, unknown]) => Object.hasOwn(schema.shape, name);
  const own = schema.safeParse(Object.fromEntries(all.filter(isOwn)));
  if (!own.success) throw problemFromZodError(own.error, { prefix: '' });
  return { own: own.data, rest: Object.fromEntries(all.filter((entry) => !isOwn(entry))) };
}

/**
 * Parses all query parameters; unknown parameters are rejected.
 * @throws Problem VALIDATION_FAILED
 */
export function readParameters<Schema extends z.ZodObject>(
  query: unknown,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.strict().safeParse(query);
  if (!parsed.success) throw problemFromZodError(parsed.error, { prefix: '' });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- strict() changes nothing of the output
  return parsed.data as z.output<Schema>;
}

/** A whole number in a JSON body; text that looks like a number is rejected. */
export function wholeJsonNumber(min: number, max: number) {
  return z
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .optional();
}

/** An EventQuery in addition to a route's own parameters. */
export function takeQuery<Schema extends z.ZodObject>(
  query: unknown,
  schema: Schema,
): { own: z.output<Schema>; asked: EventQuery } {
  const { own, rest } = takeParameters(query, schema);
  return { own, asked: parseQueryString(rest) };
}
