/**
 * Texts as one parameter of type `text[]`, or of any array type whose elements need only quoting. pg's own literal
 * takes three times as long, which was measurable for batches of a thousand events with seventeen columns. If all
 * texts are null, the array is empty: `unnest` of several arrays fills the shorter ones with NULL.
 */
export function textArray(values: readonly (string | null)[]): string {
  let literal = '';
  let hasText = false;
  for (const value of values) {
    if (value === null) literal += ',NULL';
    else {
      hasText = true;
      literal += `,"${needsEscape(value) ? value.replaceAll(/["\\]/g, String.raw`\$&`) : value}"`;
    }
  }
  return hasText ? `{${literal.slice(1)}}` : '{}';
}

function needsEscape(value: string): boolean {
  return value.includes('"') || value.includes('\\');
}
