import type { EventQuery } from '../../client.ts';

type Condition = NonNullable<EventQuery['metadata']>[number];

/**
 * Reads `path=value`, `path~part` or `path`. The path may hold names in quotes, in which = and ~ mean nothing; whether
 * it is valid the server says. The value stays text: the server compares a text that is a number by its value.
 */
export function metadataCondition(text: string): Condition {
  const at = operatorIn(text);
  if (at === undefined) return { path: text, op: 'exists' };
  const op = text[at] === '=' ? 'eq' : 'contains';
  return { path: text.slice(0, at), op, value: text.slice(at + 1) };
}

/** Where the path ends. A quote begins a name only where a name begins, as in the server's paths. */
function operatorIn(text: string): number | undefined {
  let quote: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== undefined) {
      if (character === '\\') at += 1;
      else if (character === quote) quote = undefined;
    } else if (/["']/.test(character) && /^$|[.[]/.test(text.charAt(at - 1))) quote = character;
    else if (character === '=' || character === '~') return at;
  }
  return undefined;
}
