import { fileURLToPath } from 'node:url';
import type { ArtifactStore } from './artifact-store.ts';
import { LocalDirectory } from './local/local-directory.ts';
import { S3Bucket } from './s3/s3-bucket.ts';
import { parseS3Url } from './s3/s3-location.ts';

/**
 * Opens the store at a URL: `file:///absolute/directory` or `s3://bucket/prefix?endpoint=…` (s3-location.ts). It uses
 * neither disk nor network: the first write creates the directory, and `probe` tests the store.
 *
 * @throws Error with a message for the operator who wrote the URL. The message does not contain the URL, which may
 *   include credentials.
 */
export function openArtifactStore(url: string): ArtifactStore {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  switch (parsed?.protocol) {
    case 'file:':
      return new LocalDirectory(directoryOf(url, parsed));
    case 's3:':
      return new S3Bucket(parseS3Url(parsed));
    case undefined:
      throw new Error(
        'An artifact store must be a URL such as file:///var/lib/exhibit/artifacts or s3://bucket/prefix',
      );
    default:
      throw new Error(
        `An artifact store cannot be ${parsed?.protocol}//…; use file:///… or s3://…`,
      );
  }
}

function directoryOf(url: string, parsed: URL): string {
  // new URL() parses file:data as /data, so a relative path would silently become absolute.
  if (!url.trim().toLowerCase().startsWith('file:///')) {
    throw new Error(
      'The directory of an artifact store must be absolute: file:///…, three slashes',
    );
  }
  if (parsed.search !== '' || parsed.hash !== '') {
    throw new Error(
      'The URL of a file:/// artifact store must not contain ? or #; encode them as %3F and %23',
    );
  }
  if (parsed.pathname === '/') throw new Error('An artifact store cannot be the root directory');
  return fileURLToPath(parsed);
}
