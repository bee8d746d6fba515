import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../database.ts';

/** Vite's manifest: for each module its file and the modules that it imports. */
type Manifest = Readonly<
  Record<string, { readonly file: string; readonly imports?: readonly string[] }>
>;

/** The module of the page for an address prefix; the first match counts. */
const PAGES = [
  ['/events', 'pages/events/events-page.tsx'],
  ['/exports/templates', 'pages/templates/templates-page.tsx'],
  ['/exports', 'pages/exports/exports-page.tsx'],
  ['/evidence', 'pages/evidence/evidence-page.tsx'],
  ['/settings', 'pages/settings/settings-page.tsx'],
  ['/', 'pages/home/home-page.tsx'],
] as const;

/** The resources that an address needs, as link elements for its head. */
export type PagePreloads = (path: string, signedIn: boolean) => string;

/**
 * The browser loads the page's own modules and the signed-in user together with the app's modules, instead of after they
 * have run: the first rows of the explorer appear 0.1 s earlier. Empty if the build has no manifest.
 */
export async function readPagePreloads(directory: string): Promise<PagePreloads> {
  const manifest = await readManifest(directory);
  const pages = PAGES.map(([address, module]) => ({ address, files: filesOf(manifest, module) }));
  return (path, signedIn) => {
    const page = pages.find(
      ({ address }) => path === address || (address !== '/' && path.startsWith(`${address}/`)),
    );
    if (page === undefined || !signedIn) return '';
    const links = page.files.map(
      (file) => `<link rel="modulepreload" crossorigin href="/${file}">`,
    );
    return `${links.join('')}<link rel="preload" as="fetch" crossorigin href="/api/me">`;
  };
}

async function readManifest(directory: string): Promise<Manifest> {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own build
    return JSON.parse(await readFile(join(directory, '.vite/manifest.json'), 'utf8')) as Manifest;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw error;
  }
}

/** The files of a module and all of its imports, except those that index.html loads itself. */
function filesOf(manifest: Manifest, module: string): readonly string[] {
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    manifest[name]?.imports?.forEach(visit);
  };
  visit('index.html');
  const known = new Set(seen);
  visit(module);
  return [...seen].filter((name) => !known.has(name)).flatMap((name) => manifest[name]?.file ?? []);
}
