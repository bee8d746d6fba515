import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findForbiddenImports } from './find-forbidden-imports.ts';
import { zoneRows } from './import-zones.ts';
import { readSources } from './read-sources.ts';

const findIn = (file: string, source: string) => findForbiddenImports(new Map([[file, source]]));

test('no file imports from a folder that the table of zones does not allow', async () => {
  expect(findForbiddenImports(await readSources())).toEqual([]);
});

test.each([
  ["import { a } from '../server/src/errors.ts';", 'contract/a.ts'],
  ["import type { A } from '../../../server/src/errors.ts';", 'dashboard/app/api/a.ts'],
  ["export { a } from '../../testing/a.ts';", 'server/src/a.ts'],
  ["const a = await import('../../api/a.ts');", 'server/src/exports/run/a.ts'],
  ["type A = import('../exports/a.ts').A;", 'server/src/events/a.ts'],
  ["import { a } from '@exhibit/dashboard/demo';", 'server/src/a.ts'],
])('the import %s in %s is reported', (source, file) => {
  expect(findIn(file, source)).toHaveLength(1);
});

test('a test may import what its zone allows to tests only', () => {
  const source = "import { a } from '../../../testing/a.ts';";
  expect(findIn('server/src/exports/a.test.ts', source)).toEqual([]);
  expect(findIn('server/src/exports/a.ts', source)).toHaveLength(1);
});

test('the architecture page shows the table of zones', async () => {
  const page = await readFile(
    new URL('../docs/internals/architecture.md', import.meta.url),
    'utf8',
  );
  for (const row of zoneRows()) expect(page).toContain(row);
});
