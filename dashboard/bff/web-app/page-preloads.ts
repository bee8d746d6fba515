import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../database.ts';

/** Vite's manifest: of each module, the file it became and the modules that must be there before it runs. */
type Manifest = Readonly<
  Record<string, { readonly file: string; readonly imports?: readonly string[] }>
>;

/** The module of the page at an address and below it; the first that fits. */
const PAGES = [
  ['/events', 'pages/events/events-page.tsx'],
  ['/exports/templates', 'pages/exports/templates-page.tsx'],
  ['/exports', 'pages/exports/exports-page.tsx'],
  ['/evidence', 'pages/evidence/evidence-page.tsx'],
  ['/settings', 'pages/settings/settings-page.tsx'],
  ['/', 'pages/home/home-page.tsx'],
] as const;

/** What an address will need, as link elements for its head. */
export type PagePreloads = (path: string, signedIn: boolean) => string;

/**
 * The browser fetches the page's own modules and who is signed in together with the app's, instead of after they
 * have run: the first rows of the explorer come a tenth of a second earlier. None where the build has no manifest.
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

/** Of a module and all that it imports, but what index.html names itself. */
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
