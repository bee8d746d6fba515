/**
 * `npm run check:words`: comments, strings, test names and documents use plain English. `--report` prints the number
 * of findings per folder and succeeds. `--figures` prints the size and the language of the code.
 */
import { readFile } from 'node:fs/promises';
import { codeFigures } from './code-figures.ts';
import {
  type AllowedWord,
  applyAllowedWords,
  findUnclearWords,
  type UnclearWordFinding,
} from './find-unclear-words.ts';
import { readSources } from './read-sources.ts';

// Generated files quote other files. The list of unclear words and its test consist of unclear words.
const NOT_READ = new Set([
  'docs/internals/access-matrix.md',
  'tools/unclear-words.ts',
  'tools/find-unclear-words.test.ts',
]);

const sources = await readSources();
if (process.argv.includes('--figures')) print(codeFigures(sources));
else if (process.argv.includes('--report')) print(countPerFolder((await findAll()).remaining));
else {
  const { remaining, unused } = await findAll();
  print(remaining.map(describeFinding));
  print(unused.map(({ file, word }) => `tools/allowed-words.json: no "${word}" left in ${file}`));
  if (remaining.length + unused.length > 0) process.exitCode = 1;
}

async function findAll(): Promise<ReturnType<typeof applyAllowedWords>> {
  const file = new URL('allowed-words.json', import.meta.url);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a file of this folder
  const allowed = JSON.parse(await readFile(file, 'utf8')) as readonly AllowedWord[];
  const findings = [...sources]
    .filter(([path]) => !NOT_READ.has(path))
    .flatMap(([path, source]) => findUnclearWords(path, source));
  return applyAllowedWords(findings, allowed);
}

function describeFinding({ file, line, kind, word, excerpt, instead }: UnclearWordFinding): string {
  return `${file}:${line} ${kind}: "${word}" (${instead}): ${excerpt}`;
}

/** Folders of at most three levels, the ones with most findings first. */
function countPerFolder(findings: readonly UnclearWordFinding[]): string[] {
  const folders = Map.groupBy(findings, ({ file }) =>
    file.split('/').slice(0, -1).slice(0, 3).join('/'),
  );
  const counts = [...folders].map(([folder, found]) => [found.length, folder] as const);
  return [
    ...counts
      .toSorted(([a], [b]) => b - a)
      .map(([count, folder]) => `${count}\t${folder === '' ? '.' : folder}`),
    `${findings.length}\tin all`,
  ];
}

function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
