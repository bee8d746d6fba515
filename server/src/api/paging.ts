import { z } from 'zod';
import type { QueryParameters } from '../events/query/event-query-string.ts';
import { problemFromZodError } from '../events/query/validation-problem.ts';

const pagingSchema = z.object({
  limit: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(200, 'must be at most 200')
    .optional(),
  cursor: z.string('must be sent once').max(1000, 'is not a cursor of this list').optional(),
});

export type Paging = z.output<typeof pagingSchema>;

/**
 * Parses `limit` (1–200) and `cursor` and returns the other query parameters unparsed.
 * @throws Problem VALIDATION_FAILED
 */
export function readPaging(query: unknown): { paging: Paging; rest: QueryParameters } {
  // Fastify's URL parser returns a string, or an array of strings for a repeated parameter.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { limit, cursor, ...rest } = query as QueryParameters;
  const parsed = pagingSchema.safeParse({ limit, cursor });
  if (!parsed.success) throw problemFromZodError(parsed.error, { prefix: '' });
  return { paging: parsed.data, rest };
}
