import type { EventQuery } from '../../client.ts';

type Condition = NonNullable<EventQuery['metadata']>[number];

/**
 * Parses `path=value`, `path~text` or `path`. The path may contain quoted names, in which = and ~ have no special
 * meaning; the server validates it. The value stays a string, because the server compares numeric strings by value.
 */
export function metadataCondition(text: string): Condition {
  const at = operatorIn(text);
  if (at === undefined) return { path: text, op: 'exists' };
  const op = text[at] === '=' ? 'eq' : 'contains';
  return { path: text.slice(0, at), op, value: text.slice(at + 1) };
}

/** The index at which the path ends. As on the server, a quote is special only at the start of a name. */
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
