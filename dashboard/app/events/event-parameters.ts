import * as z from 'zod/mini';
import { FILTER_FIELDS, type FilterField } from '../../../contract/filter-fields.ts';
import {
  MAX_FILTER_VALUE_LENGTH,
  MAX_FILTER_VALUES,
  MAX_METADATA_CONDITIONS,
} from '../../../contract/filter-limits.ts';
import { parseMetadataPath } from '../../../contract/metadata-path.ts';
import { parseRange } from '../../../contract/time-range.ts';
import { parseJsonExactly } from '../../../contract/json/parse-json-exactly.ts';
import type { MetadataCondition } from '../api/event-query.ts';
import type { ParameterReader } from '../ignored-parameters.ts';
import { endTime, startTime } from '../time/address-time.ts';

export const PAGE_SIZES = [10, 25, 50, 100, 200] as const;
// The api rejects other values, so they count as malformed here too.
export const filterText = z
  .string()
  .check(z.trim(), z.minLength(1), z.maxLength(MAX_FILTER_VALUE_LENGTH), z.regex(/^[^\0]*$/));
const listOf = (values: z.ZodMiniType<string, string>) =>
  z.pipe(
    z.transform((value: unknown) => (typeof value === 'string' ? [value] : value)),
    z.pipe(
      z.array(values).check(z.maxLength(MAX_FILTER_VALUES)),
      z.transform((items: string[]) => [...new Set(items)]),
    ),
  );
const list = listOf(filterText);
const workspaces = listOf(z.uuid());
const relative = z
  .string()
  .check(z.refine((value) => value === 'all' || parseRange(value) !== undefined));
const metadata = z.string().check(z.refine((value) => parseMetadata(value) !== undefined));

const EXPECTS_TIME =
  'a date such as 2026-07-01 (UTC) or a time such as 2026-07-01T12:00:00Z, between 1970 and 2099; write + as %2B';

const filter = (schema: z.ZodMiniType, expects: string): ParameterReader => ({
  schema,
  expects,
  limits: true,
});
const display = (schema: z.ZodMiniType, expects: string): ParameterReader => ({
  schema,
  expects,
  limits: false,
});

/** The schema of each parameter of the explorer's address. */
export const EVENT_READERS: Readonly<Record<string, ParameterReader>> = {
  ...Object.fromEntries(
    FILTER_FIELDS.map(({ parameter, values }) => [
      parameter,
      values === 'workspace'
        ? filter(workspaces, 'the id of a workspace, at most 100 of them')
        : filter(list, '1 to 256 characters, at most 100 values'),
    ]),
  ),
  savedView: filter(z.uuid(), 'the id of a saved view'),
  base: filter(z.literal('view'), 'view'),
  without: filter(list, 'names of parameters'),
  from: filter(startTime, EXPECTS_TIME),
  to: filter(endTime, EXPECTS_TIME),
  receivedFrom: filter(startTime, EXPECTS_TIME),
  receivedTo: filter(endTime, EXPECTS_TIME),
  range: filter(
    relative,
    'a range such as 24h, 7d, previous:day, previous:week, previous:month or all, up to 3650d',
  ),
  q: filter(filterText, 'a text of 1 to 256 characters'),
  metadata: filter(
    metadata,
    'a JSON list of conditions such as [{"path":"a.b","op":"eq","value":1}], with op eq, contains or exists',
  ),
  sort: display(z.literal('timestamp'), 'timestamp'),
  order: display(z.enum(['asc', 'desc']), 'asc or desc'),
  page: display(
    z.coerce.number().check(z.refine(Number.isInteger), z.gte(1), z.lte(10_000_000)),
    'a whole number, 1 or more',
  ),
  pageSize: display(
    z.coerce.number().check(z.refine((size) => PAGE_SIZES.some((known) => known === size))),
    PAGE_SIZES.join(', '),
  ),
  cursor: display(z.string().check(z.minLength(1), z.maxLength(1000)), 'a cursor of this list'),
  event: display(z.uuid(), 'the id of an event'),
  ref: display(z.literal('dashboard'), 'dashboard'),
};

/** Names of these parameters in other products and in our API, for suggestions. */
export const EVENT_ALIASES: Readonly<Record<string, string>> = {
  ...listAliases(),
  search: 'q',
  query: 'q',
  text: 'q',
  last: 'range',
  previous: 'range',
  since: 'from',
  start: 'from',
  until: 'to',
  end: 'to',
  limit: 'pageSize',
  view: 'savedView',
};

function listAliases(): Readonly<Record<string, string>> {
  const table: readonly FilterField[] = FILTER_FIELDS;
  const aliases = table.flatMap(({ field, single, parameter, aliases: others = [] }) =>
    [field, single, ...others].map((name) => [name, parameter] as const),
  );
  // A name that is itself a parameter, such as actorId, needs no suggestion.
  const parameters = new Set(table.map(({ parameter }) => parameter));
  return Object.fromEntries(aliases.filter(([name]) => !parameters.has(name)));
}

const path = z.string().check(z.maxLength(MAX_FILTER_VALUE_LENGTH), z.refine(isPath));
const compared = z
  .strictObject({
    path,
    op: z.enum(['eq', 'contains']),
    value: z.union([
      z.string().check(z.maxLength(MAX_FILTER_VALUE_LENGTH)),
      z.number(),
      z.boolean(),
      z.null(),
    ]),
  })
  .check(z.refine(({ op, value }) => op === 'eq' || (value !== '' && value !== null)));

function isPath(text: string): boolean {
  try {
    parseMetadataPath(text);
    return true;
  } catch {
    return false;
  }
}

export function parseMetadata(value: string): readonly MetadataCondition[] | undefined {
  const schema = z
    .array(z.union([z.strictObject({ path, op: z.literal('exists') }), compared]))
    .check(z.minLength(1), z.maxLength(MAX_METADATA_CONDITIONS));
  try {
    const parsed = schema.safeParse(parseJsonExactly(value));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
