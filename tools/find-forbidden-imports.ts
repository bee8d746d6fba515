import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { IMPORT_ZONES } from './import-zones.ts';

/** Workspace packages that are imported by name, and their folders. */
const PACKAGES: ReadonlyMap<string, string> = new Map([
  ['@exhibit/client', 'client'],
  ['@exhibit/dashboard', 'dashboard/bff'],
]);

/** Imports from one zone to another that the table of zones does not allow, as `file imports file`. */
export function findForbiddenImports(sources: ReadonlyMap<string, string>): readonly string[] {
  return [...sources]
    .filter(([file]) => /\.tsx?$/.test(file))
    .flatMap(([file, source]) =>
      importedFiles(file, source)
        .filter((imported) => !isAllowed(file, imported))
        .map((imported) => `${file} imports ${imported}`),
    );
}

function isAllowed(file: string, imported: string): boolean {
  const [from, to] = [zoneOf(file), zoneOf(imported)];
  if (from === undefined || to === undefined || from === to) return true;
  const allowed = [...from.imports, ...(isTest(file) ? (from.tests ?? []) : [])];
  // A row that names `server/src` means the files directly in it to the rooms of the server, all rooms to the others.
  const within = (folder: string) =>
    to.folder === folder ||
    (!from.folder.startsWith('server/') && to.folder.startsWith(`${folder}/`));
  return (
    allowed.some(within) ||
    (isTest(file) && from.folder.startsWith('server/') && to.folder.startsWith('server/'))
  );
}

function zoneOf(file: string) {
  return IMPORT_ZONES.filter(({ folder }) => file.startsWith(`${folder}/`)).sort(
    (a, b) => b.folder.length - a.folder.length,
  )[0];
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$|\/testing\//.test(file);
}

/** Files of the repository that a file imports or re-exports: statically, dynamically or as `import('…')` in a type. */
function importedFiles(file: string, source: string): readonly string[] {
  const { module } = parseSync(file, source);
  const named = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.map(({ moduleRequest }) => moduleRequest?.value),
    ),
    // Also finds import types, which the parser does not list.
    ...[...source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)].map(([, name]) => name),
  ];
  const files = named.flatMap((name) => {
    if (name === undefined) return [];
    if (name.startsWith('.')) return [posix.join(posix.dirname(file), name)];
    const folder = PACKAGES.get(name.split('/').slice(0, 2).join('/'));
    return folder === undefined ? [] : [`${folder}/${name}`];
  });
  return [...new Set(files)];
}
