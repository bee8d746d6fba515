import { type RawBuilder, sql } from '../../regions/sql.ts';

type Condition = RawBuilder<unknown>;

/** Columns that a search reads, in addition to the tags. */
const SEARCHED = [
  'action',
  'category',
  'actor_id',
  'actor_email',
  'actor_role',
  'resource_type',
  'resource_id',
  'project_id',
  'trace_id',
  'ip_address',
  'user_agent',
];

/** Separator between columns, so that no match spans two of them. */
const BETWEEN = '\u0001';

/**
 * Literal and case-insensitive. All columns are joined to one text and converted to lower case once. ILIKE converts
 * value and pattern for each column of each row, which took three times as long (docs/evidence/performance.md).
 */
export function searchFilter(search: string): Condition {
  const columns = SEARCHED.map((column) => sql.ref(column));
  if (!search.includes(BETWEEN)) {
    const tags = sql`array_to_string(tags, ${BETWEEN})`;
    return containsText(sql`concat_ws(${BETWEEN}, ${sql.join([...columns, tags])})`, search);
  }
  const inTag = sql`EXISTS (SELECT FROM unnest(tags) AS tag WHERE ${containsText(sql`tag`, search)})`;
  const found = columns.map((column) => containsText(column, search));
  return sql`(${sql.join([...found, inTag], sql` OR `)})`;
}

/**
 * Condition that a text contains another, ignoring case. Depending on the sender, "é" is one character or two (NFC or
 * NFD), so both texts are normalized if the wanted text is not ASCII. ASCII rows, which are most rows, are not:
 * normalizing a text takes many times longer than searching it.
 */
export function containsText(text: Condition, wanted: string): Condition {
  if (isAscii(wanted)) return sql`strpos(lower(${text}), lower(${wanted}::text)) > 0`;
  const normalized = sql`CASE WHEN octet_length(text) = char_length(text) THEN text ELSE normalize(text, NFC) END`;
  return sql`(SELECT strpos(lower(${normalized}), lower(${wanted.normalize('NFC')}::text)) > 0
    FROM (SELECT ${text} AS text OFFSET 0) AS searched)`;
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}
