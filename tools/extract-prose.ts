import { type Argument, type Expression, parseSync, Visitor } from 'oxc-parser';

/** A piece of text that people read: a comment, a string, a test name, or a paragraph of a document. */
export interface Prose {
  readonly kind: 'comment' | 'string' | 'test name' | 'document';
  readonly text: string;
  /** Of its first character, counted from 1. Line breaks in `text` are those of the file. */
  readonly line: number;
}

const TEST_FUNCTIONS = new Set(['test', 'it', 'describe']);

/** The texts that people read in a TypeScript or Markdown file. */
export function extractProse(path: string, source: string): readonly Prose[] {
  return path.endsWith('.md') ? extractFromMarkdown(source) : extractFromTypeScript(path, source);
}

/** Every comment; strings with a space, because a string without one is an identifier or a key. */
function extractFromTypeScript(path: string, source: string): readonly Prose[] {
  const { program, comments } = parseSync(path, source);
  const lineOf = lineCounter(source);
  const testNames = new Set<number>();
  const found: Prose[] = [];
  const addString = (text: string, start: number): void => {
    const kind = testNames.has(start) ? 'test name' : 'string';
    if (kind === 'test name' || /\S\s+\S/.test(text))
      found.push({ kind, text, line: lineOf(start) });
  };
  new Visitor({
    CallExpression: ({ callee, arguments: [name] }) => {
      if (name !== undefined && isTestFunction(callee)) testNames.add(startOfText(name));
    },
    Literal: ({ value, start }) => {
      if (typeof value === 'string') addString(value, start);
    },
    TemplateElement: ({ value, start }) => {
      addString(value.cooked ?? value.raw, start);
    },
    JSXText: ({ value, start }) => {
      addString(value, start);
    },
  }).visit(program);
  return [...joinComments(source, comments, lineOf), ...found];
}

/** `test`, `test.each(…)`, `test.skipIf(…)`, `describe.each…` all start with the same name. */
function isTestFunction(callee: Expression): boolean {
  if (callee.type === 'Identifier') return TEST_FUNCTIONS.has(callee.name);
  if (callee.type === 'MemberExpression') return isTestFunction(callee.object);
  return callee.type === 'CallExpression' && isTestFunction(callee.callee);
}

function startOfText(node: Argument): number {
  return node.type === 'TemplateLiteral' ? (node.quasis[0]?.start ?? -1) : node.start;
}

interface SourceComment {
  readonly type: 'Line' | 'Block';
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Line comments that follow each other are one text: a sentence may go over several. */
function joinComments(
  source: string,
  comments: readonly SourceComment[],
  lineOf: (offset: number) => number,
): Prose[] {
  const joined: Prose[] = [];
  let end = -1;
  for (const comment of comments) {
    const text = comment.value.replaceAll(/(?<=^|\n)\s*\*? ?/g, '');
    const previous = joined.at(-1);
    if (
      previous !== undefined &&
      comment.type === 'Line' &&
      /^\r?\n[ \t]*$/.test(source.slice(end, comment.start))
    )
      joined[joined.length - 1] = { ...previous, text: `${previous.text}\n${text}` };
    else joined.push({ kind: 'comment', text, line: lineOf(comment.start) });
    end = comment.end;
  }
  return joined;
}

/** Paragraphs and table cells. Code in backticks, link targets and test names quote other files and are not read. */
function extractFromMarkdown(source: string): readonly Prose[] {
  const found: Prose[] = [];
  let isCode = false;
  for (const [index, raw] of source.split('\n').entries()) {
    if (/^\s*(?:```|~~~)/.test(raw)) isCode = !isCode;
    else if (!isCode)
      for (const text of cellsOf(raw)) found.push({ kind: 'document', text, line: index + 1 });
  }
  return found;
}

function cellsOf(line: string): string[] {
  const prose = line.replaceAll(/`[^`]*` › [^|<]*|`[^`]*`|\]\([^)]*\)|<!--.*?-->/g, (code) =>
    '\u00A4'.repeat(code.length),
  );
  const cells = prose.startsWith('|') ? prose.split('|') : [prose];
  return cells
    .map((cell) => cell.replace(/^\s*(?:#+|[-*]|\d+\.)\s+/, '').replace(/^[\s*]+/, ''))
    .filter(Boolean);
}

function lineCounter(source: string): (offset: number) => number {
  const starts = [0];
  for (const { index } of source.matchAll(/\n/g)) starts.push(index + 1);
  return (offset) => {
    const next = starts.findIndex((start) => start > offset);
    return next === -1 ? starts.length : next;
  };
}
