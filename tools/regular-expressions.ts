import { createContext, Script } from 'node:vm';
import { parseSync, Visitor } from 'oxc-parser';

const LENGTH = 50_000;
const LIMIT_MS = 250;
const SEARCH = new Script('for (const text of texts) text.search(pattern)');
const SANDBOX = createContext({});
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
const OTHERS = ['\t', '\n', '\u0000', '\u00e9', '\u0301', '\u202e', '\ud800'];
/** Every single character that is worth trying on any expression. */
const COMMON_PUMPS = [...PRINTABLE, ...OTHERS];
const TEXTS = new Map<string, readonly string[]>();

/** The regular expression literals of a TypeScript file, and how many expressions it builds at run time. */
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
 * A text of 50,000 characters, nearly all of one or two kinds, on which this expression spends a quarter of a second:
 * an expression that takes the square of the length needs seconds. Returns undefined when none was found.
 */
export function slowTextFor(pattern: RegExp): string | undefined {
  const pumps = [...COMMON_PUMPS, ...ownPumps(pattern)];
  // All texts in one run first: one run costs a thread for its time limit.
  if (!isSlow(pattern, pumps.flatMap(textsOf))) return undefined;
  return pumps.find((pump) => isSlow(pattern, textsOf(pump)));
}

/** Every two of the characters that the pattern names. */
function ownPumps({ source }: RegExp): string[] {
  const own = [...new Set(source.match(/[a-z0-9 .,:;@_/-]/gi))].slice(0, 8);
  return own.flatMap((a) => own.filter((b) => b !== a).map((b) => a + b));
}

function textsOf(pump: string): readonly string[] {
  let texts = TEXTS.get(pump);
  if (texts === undefined) {
    const text = pump.repeat(LENGTH / pump.length);
    texts = [`${text}\u0001`, `\u0001${text}`];
    TEXTS.set(pump, texts);
  }
  return texts;
}

/**
 * Whether the search of these texts takes a quarter of a second of processor time. The limit of a run is wall-clock
 * time, in which a busy machine may give this process less: then the run is repeated with twice the limit.
 */
function isSlow(pattern: RegExp, texts: readonly string[]): boolean {
  for (let limitMs = LIMIT_MS; ; limitMs *= 2) {
    const before = process.cpuUsage();
    try {
      Object.assign(SANDBOX, { pattern, texts });
      SEARCH.runInContext(SANDBOX, { timeout: limitMs });
      return false;
    } catch (error) {
      // An error of another realm is not an instance of our Error.
      if (!String(error).includes('timed out')) throw error;
      if (process.cpuUsage(before).user >= LIMIT_MS * 900) return true;
    }
  }
}
