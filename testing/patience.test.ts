import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readPatience } from './patience.ts';

const ROOT = resolve(import.meta.dirname, '..');
const FILES = ['**/*.test.ts', 'testing/**/*.ts', '**/testing/**/*.ts', 'e2e/**/*.ts'];

/**
 * A deadline written as a number: the `timeout` of a test or a poll, the last argument of a test, a signal. A signal
 * or a test argument below a second is a duration under test.
 */
const BARE_DEADLINE =
  /\b(?:timeout|testTimeout|hookTimeout): \d|\bsetDefaultTimeout\(\d|\bAbortSignal\.timeout\(\d[\d_]{3,}\)|^\s*\}, \d[\d_]{3,}\);$|^\s+\d[\d_]{3,},\n\);$/gm;

const bareDeadlines = (text: string): readonly string[] =>
  [...text.matchAll(BARE_DEADLINE)].map(([found]) => found.trim());

test('patience is 1 unless EXHIBIT_TEST_PATIENCE says otherwise, and must be a number from 1 to 100', () => {
  expect([undefined, '', '1', '2.5', '100'].map(readPatience)).toEqual([1, 1, 1, 2.5, 100]);
  for (const value of ['0', '0.5', '101', 'much', '-1', 'Infinity', 'NaN'])
    expect(() => readPatience(value)).toThrow(
      'EXHIBIT_TEST_PATIENCE must be a number from 1 to 100',
    );
});

test.each([
  'await expect.poll(read, { timeout: 10_000 }).toBe(1);',
  'vi.setConfig({ testTimeout: 90_000 });',
  'page.setDefaultTimeout(30_000);',
  'const signal = AbortSignal.timeout(60_000);',
  '}, 120_000);',
  '  },\n  60_000,\n);',
])('a bare deadline is found: %s', (text) => {
  expect(bareDeadlines(text)).toHaveLength(1);
});

test('every deadline of a test is multiplied by the patience factor', async () => {
  const files = globSync(FILES, {
    cwd: ROOT,
    exclude: (path) => /(^|\/)(node_modules|dist|patience\.test\.ts)$/.test(path),
  });
  expect(files.length).toBeGreaterThan(150);
  const found: Record<string, readonly string[]> = {};
  for (const file of files) {
    const bare = bareDeadlines(await readFile(resolve(ROOT, file), 'utf8'));
    if (bare.length > 0) found[file] = bare;
  }
  expect(found, 'write patient(N), of testing/patience.ts').toEqual({});
});
