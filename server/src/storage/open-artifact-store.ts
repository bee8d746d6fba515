import { fileURLToPath } from 'node:url';
import type { ArtifactStore } from './artifact-store.ts';
import { LocalDirectory } from './local-directory.ts';

/**
 * The store at a URL; `file:///absolute/directory` is the one kind there is. Does not touch the disk:
 * the directory is made by the first write, and probe says whether it can be.
 *
 * @throws Error with a message for the operator who wrote the URL. It does not repeat the URL, which may
 *   hold credentials.
 */
export function openArtifactStore(url: string): ArtifactStore {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  switch (parsed?.protocol) {
    case 'file:':
      return new LocalDirectory(directoryOf(url, parsed));
    case 's3:':
      throw new Error('An artifact store s3:// is not supported in this version; use file:///…');
    case undefined:
      throw new Error('An artifact store is a URL such as file:///var/lib/exhibit/artifacts');
    default:
      throw new Error(`An artifact store cannot be ${parsed?.protocol}//…; use file:///…`);
  }
}

function directoryOf(url: string, parsed: URL): string {
  // new URL reads file:data as /data: what was meant as relative would become absolute.
  if (!url.trim().toLowerCase().startsWith('file:///')) {
    throw new Error(
      'The directory of an artifact store must be absolute: file:///…, three slashes',
    );
  }
  if (parsed.search !== '' || parsed.hash !== '') {
    throw new Error(
      'A file:/// artifact store takes no ? or #; write them as %3F and %23 in a name',
    );
  }
  if (parsed.pathname === '/') throw new Error('An artifact store cannot be the root directory');
  return fileURLToPath(parsed);
}
