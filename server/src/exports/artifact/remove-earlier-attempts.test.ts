import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { LocalDirectory } from '../../storage/local/local-directory.ts';
import { partialName } from '../../storage/local/write-file-atomically.ts';
import { artifactKey } from './artifact-key.ts';
import { removeEarlierAttempts } from './remove-earlier-attempts.ts';

test('a delayed worker removes files of attempts before its own and never those of later attempts', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-attempts-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const store = new LocalDirectory(directory);
  const { signal } = new AbortController();
  const [companyId, jobId] = [randomUUID(), randomUUID()];
  const keyOf = (lease: number) =>
    artifactKey({ companyId, jobId, lease, attempt: 1, format: 'JSONL', compression: 'none' });
  for (const lease of [1, 2, 3, 10]) {
    const key = keyOf(lease);
    await store.write(key, Readable.from([Buffer.from('x')]), { signal });
    const name = partialName(key.slice(key.lastIndexOf('/') + 1));
    await writeFile(join(directory, dirname(key), name), 'x');
  }
  await removeEarlierAttempts(store, { companyId, jobId, lease: 3 }, signal);
  const left = await Array.fromAsync(store.list(''));
  expect(left.map(({ key, partial }) => `${key}${partial ? ', partial' : ''}`).sort()).toEqual(
    [3, 10].flatMap((lease) => [keyOf(lease), `${keyOf(lease)}, partial`]).sort(),
  );
});
