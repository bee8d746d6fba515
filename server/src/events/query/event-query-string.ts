import { z } from 'zod';
import { FILTER_FIELDS } from '../../../../contract/filter-fields.ts';
import type { Problem } from '../../errors.ts';
import { EVENT_QUERY_FIELDS, eventQueryInputSchema } from './event-query-schema.ts';
import type { EventQuery } from '../../../../contract/event-query.ts';
import { parseJsonExactly } from '../../../../contract/json/parse-json-exactly.ts';
import { RANGE_FIELDS } from './query-range.ts';
import { shortName } from '../../../../contract/field-errors.ts';
import { unknownField } from '../json/strict-fields.ts';
import { problemFromZodError, validationProblem } from './validation-problem.ts';

/** Query parameters as a URL parser gives them: an array where one was repeated. */
export type QueryParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Field that each list parameter, plural or single, sets; both forms may be repeated. */
const LIST_PARAMETERS = new Map<string, string>(
  FILTER_FIELDS.flatMap(({ field, single }) => [
    [field, field],
    [single, field],
  ]),
);

/** In a URL, the fields of `range` are separate parameters. */
const DESCRIPTIONS = new Map([...EVENT_QUERY_FIELDS, ...RANGE_FIELDS]);
DESCRIPTIONS.delete('range');
const PARAMETERS = [...DESCRIPTIONS.keys()];

/**
 * The parameters as schemas, for a route's query string and the OpenAPI document. Spread them into a loose object:
 * parseQueryString rejects unknown ones with a suggestion.
 */
export const eventQueryParameters: Readonly<Record<string, ParameterSchema>> = Object.fromEntries(
  PARAMETERS.map((name) => [name, parameterSchema(name)]),
);

type ParameterSchema = z.ZodType<string | string[] | undefined, string | string[] | undefined>;

/**
 * Reads an EventQuery from query parameters: `category=a&category=b` or `categories=a&categories=b`, `last=24h` or
 * `previous=month`, `metadata` as one JSON text. The caller first removes its own parameters (`limit`, `cursor`).
 *
 * @throws Problem as parseEventQuery; the paths are parameter names. Unknown parameters and repeated ones, except
 *   lists, are rejected by name.
 */
export function parseQueryString(parameters: QueryParameters): EventQuery {
  refuseUnknown(parameters);
  const input: Record<string, unknown> = {};
  const range: Record<string, unknown> = {};
  const parameterOf = new Map<PropertyKey, string>();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    const list = LIST_PARAMETERS.get(name);
    if (list === undefined) {
      const target = RANGE_FIELDS.has(name) ? range : input;
      target[name] = readScalar(name, value);
      continue;
    }
    const other = parameterOf.get(list);
    if (other !== undefined) {
      throw refused(name, `must not be given together with ${other}; use one of the two`);
    }
    parameterOf.set(list, name);
    input[list] = typeof value === 'string' ? [value] : value;
  }
  if (Object.keys(range).length > 0) input['range'] = range;
  const result = eventQueryInputSchema.safeParse(input);
  if (result.success) return result.data;
  const rename = (path: readonly PropertyKey[]) => parameterPath(path, parameterOf, range);
  throw problemFromZodError(result.error, { prefix: '', rename });
}

function refuseUnknown(parameters: QueryParameters): void {
  const unknown = Object.keys(parameters).filter((name) => !PARAMETERS.includes(name));
  if (unknown.length === 0) return;
  throw validationProblem(
    unknown.map((name) => ({
      path: shortName(name),
      message: unknownField(name, PARAMETERS, 'query parameter'),
    })),
  );
}

function readScalar(name: string, value: string | readonly string[]): unknown {
  const [text, ...others] = typeof value === 'string' ? [value] : value;
  if (text === undefined || others.length > 0) throw refused(name, 'must be given only once');
  if (name === 'metadata') return readJson(name, text);
  // Any other text stays a string, which the schema rejects.
  const isNumber = (name === 'pageSize' || name === 'version') && /^\d{1,6}$/.test(text);
  return isNumber ? Number(text) : text;
}

function readJson(name: string, text: string): unknown {
  try {
    return parseJsonExactly(text);
  } catch (error) {
    throw refused(name, 'must be a JSON array of conditions', error);
  }
}

function refused(path: string, message: string, cause?: unknown): Problem {
  return validationProblem([{ path, message }], { cause });
}

/** The path as the caller wrote it: `range.last` is `last`, `categories[1]` may have been `category[1]`. */
function parameterPath(
  [field = '', ...rest]: readonly PropertyKey[],
  parameterOf: ReadonlyMap<PropertyKey, string>,
  range: object,
): readonly PropertyKey[] {
  if (field !== 'range') return [parameterOf.get(field) ?? field, ...rest];
  return rest.length > 0 ? rest : Object.keys(range).slice(0, 1);
}

function parameterSchema(name: string): ParameterSchema {
  const meaning = DESCRIPTIONS.get(name) ?? '';
  const description = name === 'metadata' ? `${meaning} A JSON array as text.` : meaning;
  if (!LIST_PARAMETERS.has(name)) return z.string().optional().describe(description);
  const repeated = `${description} Repeat the parameter for several values.`;
  return z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe(repeated);
}
