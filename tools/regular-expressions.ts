import { createContext, Script } from 'node:vm';
import { parseSync, Visitor } from 'oxc-parser';

const LENGTH = 50_000;
const TIMEOUT_MS = 250;
const SEARCH = new Script('text.search(pattern)');
const SANDBOX = createContext({});
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
const OTHERS = ['\t', '\n', '\u0000', '\u00e9', '\u0301', '\u202e', '\ud800'];

/** The regular expressions that a TypeScript source writes out, and how many it builds at run time. */
export function regularExpressionsOf(
  file: string,
  source: string,
): { readonly written: readonly RegExp[]; readonly built: number } {
  const written: RegExp[] = [];
  let built = 0;
  new Visitor({
    Literal: (node) => {
      if ('regex' in node) written.push(new RegExp(node.regex.pattern, node.regex.flags));
    },
    NewExpression: ({ callee }) => {
      if (callee.type === 'Identifier' && callee.name === 'RegExp') built++;
    },
  }).visit(parseSync(file, source).program);
  return { written, built };
}

/**
 * A text of 50,000 characters, nearly all of one or two kinds, that this expression is busy with for a quarter of a
 * second: what takes the square of the length needs seconds. undefined: none was found.
 */
export function slowTextFor(pattern: RegExp): string | undefined {
  return pumpsFor(pattern).find((pump) => {
    const text = pump.repeat(LENGTH / pump.length);
    return [`${text}\u0001`, `\u0001${text}`].some((hostile) => isSlow(pattern, hostile));
  });
}

/** Every single character, and every two of those that the pattern speaks of. */
function pumpsFor({ source }: RegExp): string[] {
  const own = [...new Set(source.match(/[a-z0-9 .,:;@_/-]/gi))].slice(0, 8);
  const pairs = own.flatMap((a) => own.filter((b) => b !== a).map((b) => a + b));
  return [...PRINTABLE, ...OTHERS, ...pairs];
}

function isSlow(pattern: RegExp, text: string): boolean {
  try {
    Object.assign(SANDBOX, { pattern, text });
    SEARCH.runInContext(SANDBOX, { timeout: TIMEOUT_MS });
    return false;
  } catch (error) {
    // Of another realm: no Error of ours.
    if (String(error).includes('timed out')) return true;
    throw error;
  }
}
