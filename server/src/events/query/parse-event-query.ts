import type { EventQuery } from '../../../../contract/event-query.ts';
import { eventQueryInputSchema } from './event-query-schema.ts';
import { problemFromZodError } from './validation-problem.ts';

interface ParseOptions {
  /** Prefix of the path of every error; default `filters`, '' for none. */
  readonly pathPrefix?: string;
}

/**
 * Converts an EventQuery as a caller wrote it (short forms, any order, spaces around values) into the canonical form.
 * A canonical query is returned unchanged.
 *
 * @throws Problem VALIDATION_FAILED, or EMPTY_FILTER for an explicit `[]`; its errors name each field.
 */
export function parseEventQuery(input: unknown, options: ParseOptions = {}): EventQuery {
  const result = eventQueryInputSchema.safeParse(input);
  if (result.success) return result.data;
  throw problemFromZodError(result.error, { prefix: options.pathPrefix ?? 'filters' });
}
