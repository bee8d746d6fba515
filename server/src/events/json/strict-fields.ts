import { z } from 'zod';
import { shortName } from '../../../../contract/field-errors.ts';
import { closestName } from './closest-name.ts';

/** A body of unknown names gets no more advice than is shown: 90,000 names took 20 seconds of the one thread. */
const MAX_SUGGESTIONS = 50;

/**
 * An object schema that refuses unknown fields by name, with a suggestion when a known name is close.
 * The issue's message has one line per unknown field, in the order of its `keys`, for the first 50.
 */
export function strictFields<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .slice(0, MAX_SUGGESTIONS)
            .map((name) => unknownField(name, known))
            .join('\n')
        : undefined,
  });
}

/** `"categoris" is not a known field; did you mean "categories"?` on one line, a long name cut. */
export function unknownField(name: string, known: readonly string[], kind = 'field'): string {
  const suggestion = closestName(name, known);
  const hint = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
  return `${JSON.stringify(shortName(name))} is not a known ${kind}${hint}`;
}

/** What a schema says about each of its fields, by name. */
export function fieldDescriptions(schema: z.ZodObject): ReadonlyMap<string, string> {
  const fields = Object.entries(schema.shape);
  return new Map(fields.map(([name, field]) => [name, field.description ?? '']));
}
