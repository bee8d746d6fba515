/** A word or phrase that plain technical English no longer uses, and what to write in its place. */
export interface UnclearWord {
  /** The name under which `allowed-words.json` lists an exception. */
  readonly word: string;
  /** Matches the word in running text. Words may be separated by a line break. */
  readonly pattern: RegExp;
  readonly instead: string;
}

/**
 * Only words without an honest modern use in this code are listed, so that a finding is almost never a false alarm.
 * CONTRIBUTING.md has the writing rules behind the list.
 */
export const UNCLEAR_WORDS: readonly UnclearWord[] = [
  word('mend', String.raw`mend(?:s|ed|ing)?`, 'fix'),
  word('anew', 'anew', 'again, or retry, recreate'),
  word('heed', String.raw`(?:un)?heed(?:s|ed|ing)?`, 'respect, follow, check'),
  word('hung up', String.raw`(?:hung|hangs?|hanging)\s+up`, 'closed, disconnected'),
  word('unheard', 'unheard', 'unhandled'),
  word('in vain', String.raw`in\s+vain`, 'unnecessary, without effect'),
  word(
    'whoever',
    String.raw`who(?:so)?ever|whomever`,
    'the actor: the client, the caller, the worker',
  ),
  word('somebody', String.raw`somebody(?:'s|’s)?`, 'the actor, or someone'),
  word('nobody', String.raw`nobody(?:'s|’s)?`, 'no client, no caller, no one'),
  word('everybody', String.raw`(?:every|any)body(?:'s|’s)?`, 'everyone, anyone, or the actors'),
  word(
    'is told',
    String.raw`(?:is|are|was|were|be|been|being)\s+told`,
    'is notified, reported, shown',
  ),
  word('is said', String.raw`(?:is|are|was|were|be|been|being)\s+said`, 'is reported, shown'),
  word('begun', 'begun', 'started'),
  word(
    'thrown away',
    String.raw`(?:throw|throws|threw|thrown|throwing)\s+away`,
    'deleted, discarded',
  ),
  word('taken back', String.raw`(?:take|takes|took|taken|taking)\s+back`, 'revoked, reverted'),
  word(
    'hand through',
    String.raw`(?:hand|hands|handed|handing)\s+(?:\w+\s+)?through`,
    'proxy, stream, serve',
  ),
  word('beside', 'beside', 'next to, alongside'),
  word('for ever', String.raw`for\s+ever`, 'forever, without end'),
  word('heard of', String.raw`(?:hear|hears|heard)\s+of`, 'receive, learn'),
  word('knows of', String.raw`(?:knows?|knew)\s+of`, 'knows, has'),
  word(
    'put on a role',
    String.raw`puts?\s+on\s+(?:a|an|its|the|their|that|this|one)\s+(?:\w+\s+)?(?:role|account|tenant)`,
    'SET ROLE, switch to, assume',
  ),
  {
    word: 'what as subject',
    // At the start of a text or sentence, unless the sentence is a question.
    pattern: /(?<=^\s*|[.:;!?)]\s+|[–—]\s+)What(?:'s|’s)?\s+(?=[\w'’(`%$])(?![^.!?]{0,200}\?)/gu,
    instead: 'a sentence that starts with its subject',
  },
];

function word(name: string, source: string, instead: string): UnclearWord {
  return { word: name, pattern: new RegExp(String.raw`\b(?:${source})(?!\w)`, 'giu'), instead };
}
