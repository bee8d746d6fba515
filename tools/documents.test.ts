import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { checkStatesPage } from './check-states-page.ts';

const ROOT = new URL('../', import.meta.url);

test('the states page is the states table', async () => {
  expect(await checkStatesPage()).toEqual([]);
});

test.each([
  ['docs/evidence/specification.md', 'proven by', 30],
  ['docs/evidence/security.md', 'test', 40],
])(
  'every test that a table of %s names exists, and every row names one',
  async (path, heading, min) => {
    const rows = rowsUnder(await readFile(new URL(path, ROOT), 'utf8'), heading);
    expect(rows.length).toBeGreaterThan(min);
    for (const row of rows) {
      const cell = row.split('|').at(-2) ?? '';
      const proofs = cell.split('<br>').map((proof) => proof.trim());
      for (const proof of proofs) {
        const [, file = '', names = ''] =
          /^`([^`]+(?:\.test\.tsx?|-conformance\.ts))` › (.+)$/.exec(proof) ?? [];
        expect(file, row).not.toBe('');
        const source = await readFile(new URL(file, ROOT), 'utf8');
        for (const name of names.split(' › ')) expect(isTestName(source, name), proof).toBe(true);
      }
    }
  },
);

/** The rows of a page's tables whose last column has this heading. */
function rowsUnder(page: string, heading: string): string[] {
  const rows: string[] = [];
  let isWanted: boolean | undefined;
  for (const line of page.split('\n')) {
    if (!line.startsWith('| ')) isWanted = undefined;
    else if (isWanted === undefined) isWanted = line.split('|').at(-2)?.trim() === heading;
    else if (isWanted && !line.startsWith('| ---')) rows.push(line);
  }
  return rows;
}

/** Whether the text stands in the source as the title of a test or of a group of them. */
function isTestName(source: string, name: string): boolean {
  const title = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`\(\s*(['"\`])${title}\1,`).test(source);
}
