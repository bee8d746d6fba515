import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { checkStatesPage } from './check-states-page.ts';
import { findGuaranteeCitations } from './find-guarantee-citations.ts';
import { readSources } from './read-sources.ts';

const ROOT = new URL('../', import.meta.url);

test('the states page matches the states table', async () => {
  expect(await checkStatesPage()).toEqual([]);
});

test.each([
  ['docs/evidence/specification.md', 'proven by', 30],
  ['docs/evidence/reliability.md', 'test', 50],
  ['docs/evidence/security.md', 'test', 40],
])('every row of %s names an existing test', async (path, heading, min) => {
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
});

test('every guarantee that code, tests and documents refer to is numbered in guarantees.md', async () => {
  const page = await readFile(new URL('docs/internals/guarantees.md', ROOT), 'utf8');
  const numbered = new Set(
    [...page.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number)),
  );
  const cited = [...(await readSources())]
    .filter(([file]) => file !== 'tools/documents.test.ts')
    .flatMap(([file, text]) => findGuaranteeCitations(text).map((number) => ({ file, number })));
  expect(cited.length).toBeGreaterThan(30);
  expect(cited.filter(({ number }) => !numbered.has(number))).toEqual([]);
});

test('every file and folder that AGENTS.md names exists', async () => {
  const page = await readFile(new URL('AGENTS.md', ROOT), 'utf8');
  const paths = [...page.matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)].map(([, path = '']) => path);
  expect(paths.length).toBeGreaterThan(50);
  expect(paths.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
});

test('every link between documents leads to a file', async () => {
  const pages = [...(await readSources())].filter(([path]) => path.endsWith('.md'));
  const broken = pages.flatMap(([path, text]) =>
    [...text.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(new URL(target, new URL(path, ROOT))))
      .map((target) => `${path}: ${target}`),
  );
  expect(pages.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});

test('a citation is found in the singular, in lists and in ranges', () => {
  expect(findGuaranteeCitations('Guarantee 4: x; guarantees 1 and 3, guarantees 5–7')).toEqual([
    4, 1, 3, 5, 7,
  ]);
  expect(findGuaranteeCitations('guarantees that 5 rows')).toEqual([]);
});

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

/** Whether the source has a test or a group of tests with this title. */
function isTestName(source: string, name: string): boolean {
  const title = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`\(\s*(['"\`])${title}\1,`).test(source);
}
