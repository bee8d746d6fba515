import { z } from 'zod';
import { shortName } from '../../../../contract/field-errors.ts';
import { closestName } from './closest-name.ts';

/** Maximum number of suggestions: computing them for 90,000 unknown names blocked the event loop for 20 seconds. */
const MAX_SUGGESTIONS = 50;

/**
 * An object schema that refuses unknown fields by name, with a suggestion if a known name is similar. The issue's
 * message has one line per unknown field, in the order of its `keys`, for the first 50.
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

/** `"categoris" is not a known field; did you mean "categories"?` on one line, with a long name truncated. */
export function unknownField(name: string, known: readonly string[], kind = 'field'): string {
  const suggestion = closestName(name, known);
  const hint = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
  return `${JSON.stringify(shortName(name))} is not a known ${kind}${hint}`;
}

/** Description of each field of a schema, by name. */
export function fieldDescriptions(schema: z.ZodObject): ReadonlyMap<string, string> {
  const fields = Object.entries(schema.shape);
  return new Map(fields.map(([name, field]) => [name, field.description ?? '']));
}
