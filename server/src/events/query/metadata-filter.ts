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
 * A condition on metadata as SQL. Values are compared by value: `12.5` matches 12.50 and 1.25e1, `"a"` matches "a". A
 * text that is a number also matches that number, and a number matches the text of the same spelling: senders write
 * both `"port": "443"` and `"port": 443`, and a filter that matched only one of them would silently omit events.
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

/** The places that a path denotes; two for a path that starts with an unquoted `metadata.`. */
function placesOf(path: string): readonly (readonly string[])[] {
  const { segments, maybeInMember } = readPath(path);
  return maybeInMember ? [segments, ['metadata', ...segments]] : [segments];
}

/** A document stored by an earlier version may contain a path that is invalid today; it keeps its earlier meaning. */
function readPath(path: string): MetadataPath {
  try {
    return parseMetadataPath(path);
  } catch (error) {
    if (!(error instanceof MetadataPathError)) throw error;
    return { segments: path.split('.'), maybeInMember: false };
  }
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,4})?$/;
/** Also used in PostgreSQL: exponents have at most four digits, so that the cast below cannot overflow. */
const CASTABLE = '^-?[0-9]+(\\.[0-9]+)?([eE][+-]?0*[0-9]{1,4})?$';
/** A number with more characters than this, without trailing zeros, equals no number that a filter can contain. */
const MAX_NUMBER_LENGTH = 6_000;

/**
 * The value at `at` as text, or `wanted` itself if the value is a number equal to it. The result is compared with
 * `wanted` by `=`, for which the planner has statistics. numeric is exact, but a failing cast would fail a whole
 * export, so CASE casts only JSON numbers whose length and exponent are far below the limits of numeric.
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
