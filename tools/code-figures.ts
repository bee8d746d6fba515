import { dirname } from 'node:path';
import { extractProse } from './extract-prose.ts';

const TEST = /\.(?:test|fuzz\.test)\.tsx?$/;

/** The size and the language of the code, one figure per line. */
export function codeFigures(sources: ReadonlyMap<string, string>): readonly string[] {
  const code = [...sources].filter(([file]) => /\.tsx?$/.test(file));
  const production = code.filter(([file]) => !TEST.test(file));
  const folders = [...Map.groupBy(production, ([file]) => dirname(file))]
    .map(([folder, files]) => ({ folder, size: files.length }))
    .toSorted((a, b) => b.size - a.size);
  const comments = code.flatMap(([file, source]) =>
    extractProse(file, source).filter(({ kind }) => kind === 'comment'),
  );
  const commentLines = sum(comments.map(({ text }) => text.split('\n').length));
  const whats = sum(comments.map(({ text }) => text.match(/\bwhat\b/gi)?.length ?? 0));
  return [
    `files of code: ${production.length}, of tests: ${code.length - production.length}`,
    `files per folder, without tests: at most ${folders[0]?.size ?? 0} (${folders
      .slice(0, 5)
      .map(({ folder, size }) => `${folder} ${size}`)
      .join(', ')})`,
    `lines per file: ${describe(production)}`,
    `lines per test file: ${describe(code.filter(([file]) => TEST.test(file)))}`,
    `comment lines: ${commentLines}; "what" per 1,000 of them: ${((whats / commentLines) * 1000).toFixed(1)}`,
  ];
}

function describe(files: readonly (readonly [string, string])[]): string {
  const lines = files
    .map(([file, source]) => ({ file, count: source.split('\n').length - 1 }))
    .toSorted((a, b) => a.count - b.count);
  const at = (share: number): number => lines[Math.floor((lines.length - 1) * share)]?.count ?? 0;
  const longest = lines.at(-1);
  return `median ${at(0.5)}, p90 ${at(0.9)}, max ${longest?.count ?? 0} (${longest?.file ?? ''})`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
