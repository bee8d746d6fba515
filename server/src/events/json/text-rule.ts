/** Rule for a text field of an event; lengths are in characters (code points). */
export interface TextRule {
  readonly minCharacters?: number;
  readonly maxCharacters?: number;
  /** True if whitespace alone is rejected. */
  readonly notBlank?: boolean;
}

/** @returns the problem of the text, undefined if it follows the rule. */
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
