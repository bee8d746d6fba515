/** What a text field of an event may hold; lengths are in characters, that is code points. */
export interface TextRule {
  readonly minCharacters?: number;
  readonly maxCharacters?: number;
  /** Whitespace alone does not count as a value. */
  readonly notBlank?: boolean;
}

/** @returns what is wrong with the text, undefined when it obeys the rule. */
export function breachOf(rule: TextRule, text: string): string | undefined {
  const { minCharacters = 0, maxCharacters = Infinity } = rule;
  if (text.length < minCharacters || isLonger(text, maxCharacters)) {
    return minCharacters === 0
      ? `must be at most ${maxCharacters} characters`
      : `must be ${minCharacters} to ${maxCharacters} characters`;
  }
  return rule.notBlank === true && text.trim() === '' ? 'must not be blank' : undefined;
}

function isLonger(text: string, maxCharacters: number): boolean {
  if (text.length <= maxCharacters) return false;
  // A code point is one or two code units, so only lengths in between need counting.
  return text.length > maxCharacters * 2 || Array.from(text).length > maxCharacters;
}
