import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const PATTERNS = ['*.md', '*.ts', '.github/**/*.md', '*/**/*.{ts,tsx,md}'];
const OUTSIDE = /(?:^|\/)(?:node_modules|dist|generated|test-results|\.[a-z][\w-]*)(?:\/|$)/;

/** The TypeScript and Markdown files of the repository that people write, by path. */
export async function readSources(): Promise<ReadonlyMap<string, string>> {
  const paths: string[] = [];
  const exclude = (path: string): boolean => OUTSIDE.test(path) && !path.startsWith('.github');
  for await (const path of glob(PATTERNS, { cwd: ROOT, exclude })) paths.push(path);
  const files = paths.filter((path) => !exclude(path)).toSorted();
  const texts = await Promise.all(files.map((path) => readFile(join(ROOT, path), 'utf8')));
  return new Map(files.map((path, index) => [path, texts[index] ?? '']));
}
