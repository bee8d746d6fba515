import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { LocalDirectory } from './local-directory.ts';
import { openArtifactStore } from './open-artifact-store.ts';

test('file:/// opens that directory, its name decoded, and makes it only when written', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'exhibit-open-'));
  try {
    const store = openArtifactStore(pathToFileURL(join(parent, 'büro #1')).href);
    expect(store).toBeInstanceOf(LocalDirectory);
    expect(await readdir(parent)).toEqual([]);
    await store.probe();
    expect(await readdir(parent)).toEqual(['büro #1']);
  } finally {
    await rm(parent, { recursive: true });
  }
});

test.each([
  ['s3://key:secret@bucket/prefix', 's3:// is not supported in this version'],
  ['https://example.com/secret', 'cannot be https://'],
  ['/var/lib/exhibit', 'is a URL such as file:///'],
  ['', 'is a URL such as file:///'],
  ['file:data/secret', 'must be absolute'],
  ['file://data/secret', 'must be absolute'],
  ['file:///', 'cannot be the root directory'],
  ['file:///secret?region=us', 'takes no ? or #'],
])('%j is refused with a message that does not repeat it', (url, message) => {
  const open = () => openArtifactStore(url);
  expect(open).toThrow(message);
  expect(open).not.toThrow(/secret/);
});
