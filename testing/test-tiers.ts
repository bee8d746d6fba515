import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * The tier of a test file follows from its imports and those of the test code that it imports:
 * - `browser`: in e2e/browser;
 * - `system`: starts a process, or mocks a module and so cannot share loaded modules with other files;
 * - `database`: clones a database of the PostgreSQL that the run starts, or starts an S3 server;
 * - `unit`: none of these.
 */
export type Tier = 'unit' | 'database' | 'system' | 'browser';

const ROOT = resolve(import.meta.dirname, '..');

/** Code that exists for tests. Only this is followed: code of the product starts processes that a test may replace. */
const TEST_CODE = /(^|\/)(testing|e2e|bench|tools)\/|\.test\.ts$/;

/** A value import of a whole line or block, with its source; imports of types only have no effect at run time. */
const IMPORTS = /^(?:import|export) (?!type )[^;]*?from '([^']+)';$|^import '([^']+)';$/gm;

const STARTS_A_PROCESS = /^node:child_process$|\/regions\/embedded\/embedded-postgres\.ts$/;
const MOCKS_A_MODULE = /^vi\.(mock|doMock)\(/m;
const NEEDS_A_SERVER = /^testing\/(test-database|storage\/s3-server)\.ts$/;

/** Every test file of the repository, by tier; paths from the root of the repository. */
export function listTestFiles(): Record<Tier, string[]> {
  const files: Record<Tier, string[]> = { unit: [], database: [], system: [], browser: [] };
  const paths = globSync('**/*.test.ts', {
    cwd: ROOT,
    exclude: (path) => /(^|\/)(node_modules|dist|\.[^/]+)$/.test(path),
  });
  for (const path of paths.toSorted()) files[tierOf(path)].push(path);
  return files;
}

export function tierOf(path: string): Tier {
  if (path.startsWith('e2e/browser/')) return 'browser';
  if (MOCKS_A_MODULE.test(readFileSync(join(ROOT, path), 'utf8'))) return 'system';
  const imported = importsOf(path, new Set());
  const reaches = (pattern: RegExp) => [...imported].some((source) => pattern.test(source));
  if (reaches(STARTS_A_PROCESS)) return 'system';
  return reaches(NEEDS_A_SERVER) ? 'database' : 'unit';
}

/** The imports of a file, and those of the test code that it imports. */
function importsOf(path: string, found: Set<string>): Set<string> {
  const text = readFileSync(join(ROOT, path), 'utf8');
  for (const [, from, bare] of text.matchAll(IMPORTS)) {
    const source = from ?? bare ?? '';
    const target = source.startsWith('.') ? join(dirname(path), source) : source;
    if (found.has(target)) continue;
    found.add(target);
    if (source.startsWith('.') && TEST_CODE.test(target)) importsOf(target, found);
  }
  return found;
}
