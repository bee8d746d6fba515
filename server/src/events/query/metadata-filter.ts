import { type RawBuilder, sql } from '../../regions/sql.ts';
import type { MetadataCondition } from '../../../../contract/event-query.ts';
import {
  type MetadataPath,
  MetadataPathError,
  parseMetadataPath,
} from '../../../../contract/metadata-path.ts';
import { containsText } from './text-search.ts';

type Condition = RawBuilder<unknown>;

/**
 * A condition on metadata as SQL. Comparing is by value: `12.5` finds 12.50 and 1.25e1, `"a"` finds "a". A text that
 * reads as a number finds that number, too, and a number finds the text that is written like it: senders write
 * `"port": "443"` and `"port": 443`, and a filter that takes one of them only would leave events out silently.
 */
export function metadataFilter({ path, op, value }: MetadataCondition): Condition {
  const places = placesOf(path).map((segments) => {
    const at = sql`${[...segments]}::text[]`;
    switch (op) {
      case 'exists':
        return sql`metadata #> ${at} IS NOT NULL`;
      case 'eq':
        return value === null
          ? sql`(metadata #> ${at})::text = 'null'`
          : sql`${comparable(at, String(value))} = ${String(value)}`;
      case 'contains':
        return containsText(sql`metadata #>> ${at}`, String(value));
    }
  });
  const [only, ...others] = places;
  if (only !== undefined && others.length === 0) return only;
  return sql`(${sql.join(places, sql` OR `)})`;
}

/** The places that a path means; two for one that begins with an unquoted `metadata.`. */
function placesOf(path: string): readonly (readonly string[])[] {
  const { segments, maybeInMember } = readPath(path);
  return maybeInMember ? [segments, ['metadata', ...segments]] : [segments];
}

/** A document that an earlier version stored may hold a path that is refused today: it means what it meant then. */
function readPath(path: string): MetadataPath {
  try {
    return parseMetadataPath(path);
  } catch (error) {
    if (!(error instanceof MetadataPathError)) throw error;
    return { segments: path.split('.'), maybeInMember: false };
  }
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,4})?$/;
/** Also in PostgreSQL: exponents have at most four digits here, so that the cast below cannot overflow. */
const CASTABLE = '^-?[0-9]+(\\.[0-9]+)?([eE][+-]?0*[0-9]{1,4})?$';
/** A number of more characters, after its trailing zeros are cut, equals no number that a filter can name. */
const MAX_NUMBER_LENGTH = 6_000;

/**
 * The value at `at` as text, or `wanted` itself where it is a number equal to it: compared with `wanted` by `=`, for
 * which the planner has an estimate. numeric is exact, but a cast must not fail on any stored event, because it would
 * fail a whole export: CASE tries it on JSON numbers only, of a length and an exponent far below its limits.
 */
function comparable(at: Condition, wanted: string): Condition {
  if (!JSON_NUMBER.test(wanted)) return sql`(metadata #>> ${at})`;
  const equals = (digits: Condition) => sql`CASE WHEN length(${digits}) <= ${MAX_NUMBER_LENGTH}::int
      AND ${digits} ~ ${CASTABLE}::text THEN (${digits})::numeric = ${wanted}::numeric ELSE false END`;
  const mantissa = sql`split_part(lower(found::text), 'e', 1)`;
  const exponent = sql`substr(lower(found::text), length(${mantissa}) + 1)`;
  const shortened = sql`(CASE WHEN strpos(${mantissa}, '.') > 0
      THEN rtrim(rtrim(${mantissa}, '0'), '.') ELSE ${mantissa} END || ${exponent})`;
  // The subquery reads the metadata once for all uses of the value.
  return sql`(SELECT CASE
    WHEN json_typeof(found) IS DISTINCT FROM 'number' THEN found #>> '{}'
    WHEN CASE WHEN length(found::text) <= ${MAX_NUMBER_LENGTH}::int THEN ${equals(sql`found::text`)}
      ELSE ${equals(shortened)} END THEN ${wanted}::text
    ELSE found::text END
    FROM (SELECT metadata #> ${at} AS found OFFSET 0) AS place)`;
}
