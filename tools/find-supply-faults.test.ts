import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findSupplyFaults, type LockFile } from './find-supply-faults.ts';

const INTEGRITY = `sha512-${'a'.repeat(86)}==`;
const faultsOf = (path: string, locked: LockFile['packages'][string]) =>
  findSupplyFaults({ packages: { [path]: locked } });
const good = { version: '1.0.0', integrity: INTEGRITY, license: 'MIT' };

test('the lock file of this repository has hundreds of packages and no faults', async () => {
  const file = new URL('../package-lock.json', import.meta.url);
  const lock = JSON.parse(await readFile(file, 'utf8')) as LockFile;
  expect(Object.keys(lock.packages).length).toBeGreaterThan(300);
  expect(findSupplyFaults(lock)).toEqual([]);
});

test.each([
  ['without a digest', { ...good, integrity: undefined }, 'no SHA-512 of its content'],
  ['with a weak digest', { ...good, integrity: 'sha1-abc=' }, 'no SHA-512 of its content'],
  [
    'from another server',
    { ...good, resolved: 'https://elsewhere.invalid/a.tgz' },
    'comes from https://elsewhere.invalid/a.tgz',
  ],
  ['from a repository', { ...good, resolved: 'git+ssh://x/a.git' }, 'comes from git+ssh://x/a.git'],
  ['under a licence that is not allowed', { ...good, license: 'AGPL-3.0' }, 'licence AGPL-3.0'],
  [
    'under two licences that both apply',
    { ...good, license: 'MIT AND GPL-3.0' },
    'licence MIT AND GPL-3.0',
  ],
  [
    'under a licence that is allowed for other packages only',
    { ...good, license: 'MPL-2.0' },
    'licence MPL-2.0',
  ],
  ['without a licence', { ...good, license: undefined }, 'licence unknown'],
  ['with an install script', { ...good, hasInstallScript: true }, 'runs a script when installed'],
])('a package %s is a fault', (_, locked, fault) => {
  const path = 'node_modules/a/node_modules/@b/c';
  expect(faultsOf(path, locked as typeof good)).toEqual([`${path}: ${fault}`]);
});

test('a choice of licences is accepted if one of them is allowed', () => {
  expect(faultsOf('node_modules/a', { ...good, license: '(MIT OR GPL-3.0)' })).toEqual([]);
});

test('a direct dependency must name an exact version', () => {
  for (const version of ['^1.0.0', '1', 'latest', 'git+https://x/a.git', 'file:../a'])
    expect(faultsOf('server', { dependencies: { a: version } })).toHaveLength(1);
  expect(faultsOf('server', { dependencies: { a: '18.4.0-beta.17' } })).toEqual([]);
});
