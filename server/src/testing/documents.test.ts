import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { checkStatesPage } from './check-states-page.ts';

const ROOT = new URL('../../../', import.meta.url);

test('the states page is the states table', async () => {
  expect(await checkStatesPage()).toEqual([]);
});

test('every test that the specification’s table names exists, and every row names one', async () => {
  const page = await readFile(new URL('docs/specification.md', ROOT), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| (?!asked for |---)/.test(line));
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) {
    const cell = row.split('|').at(-2) ?? '';
    const proofs = cell.split('<br>').map((proof) => proof.trim());
    for (const proof of proofs) {
      const [, file = '', names = ''] = /^`([^`]+\.test\.tsx?)` › (.+)$/.exec(proof) ?? [];
      expect(file, row).not.toBe('');
      const source = await readFile(new URL(file, ROOT), 'utf8');
      for (const name of names.split(' › ')) expect(isTestName(source, name), proof).toBe(true);
    }
  }
});

/** Whether the text stands in the source as the title of a test or of a group of them. */
function isTestName(source: string, name: string): boolean {
  const title = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`\(\s*(['"\`])${title}\1,`).test(source);
}
