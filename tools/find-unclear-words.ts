import { extractProse, type Prose } from './extract-prose.ts';
import { UNCLEAR_WORDS } from './unclear-words.ts';

export interface UnclearWordFinding {
  readonly file: string;
  readonly line: number;
  readonly kind: Prose['kind'];
  readonly word: string;
  /** The text around the word, on one line. */
  readonly excerpt: string;
  readonly instead: string;
}

/** A word that stays, with the reason why. */
export interface AllowedWord {
  readonly file: string;
  readonly word: string;
  readonly reason: string;
}

/** The unclear words of one TypeScript or Markdown file: in comments, strings, test names and paragraphs. */
export function findUnclearWords(file: string, source: string): readonly UnclearWordFinding[] {
  return extractProse(file, source).flatMap((prose) =>
    UNCLEAR_WORDS.flatMap(({ word, pattern, instead }) =>
      matchesOf(prose, word, pattern).map((index) => ({
        file,
        line: prose.line + countLineBreaks(prose.text.slice(0, index)),
        kind: prose.kind,
        word,
        excerpt: excerptOf(prose.text, index),
        instead,
      })),
    ),
  );
}

/** A test name may start in lower case, because it is read after the name of its group. */
function matchesOf({ kind, text }: Prose, word: string, pattern: RegExp): number[] {
  const readable =
    kind === 'test name' && word === 'what as subject' ? text.replace(/^what /, 'What ') : text;
  return [...readable.matchAll(pattern)].map(({ index }) => index);
}

/** Findings that no entry allows, and entries that allow nothing: those are to be removed. */
export function applyAllowedWords(
  findings: readonly UnclearWordFinding[],
  allowed: readonly AllowedWord[],
): { readonly remaining: readonly UnclearWordFinding[]; readonly unused: readonly AllowedWord[] } {
  const allows = (entry: AllowedWord, { file, word }: UnclearWordFinding): boolean =>
    entry.file === file && entry.word === word;
  return {
    remaining: findings.filter((finding) => !allowed.some((entry) => allows(entry, finding))),
    unused: allowed.filter((entry) => !findings.some((finding) => allows(entry, finding))),
  };
}

function countLineBreaks(text: string): number {
  return text.split('\n').length - 1;
}

function excerptOf(text: string, index: number): string {
  return text
    .slice(Math.max(0, index - 30), index + 70)
    .replaceAll(/\s+/g, ' ')
    .trim();
}
