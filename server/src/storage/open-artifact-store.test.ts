import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { LocalDirectory } from './local/local-directory.ts';
import { openArtifactStore } from './open-artifact-store.ts';
import { S3Bucket } from './s3/s3-bucket.ts';
import { parseS3Url } from './s3/s3-location.ts';

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

test('s3:// names a bucket, and what follows the ? says how it is spoken to', () => {
  const location = (url: string) => parseS3Url(new URL(url));
  expect(location('s3://bucket')).toEqual({
    bucket: 'bucket',
    prefix: '',
    endpoint: undefined,
    region: undefined,
    pathStyle: false,
    encryption: undefined,
    answerMs: undefined,
  });
  const own = 's3://bucket/a/b/?endpoint=http://minio:9000&sse=aws:kms&kmsKey=alias/exports';
  expect(location(own)).toEqual({
    bucket: 'bucket',
    prefix: 'a/b/',
    endpoint: 'http://minio:9000',
    region: 'us-east-1',
    pathStyle: true,
    encryption: { algorithm: 'aws:kms', kmsKeyId: 'alias/exports' },
    answerMs: undefined,
  });
  expect(location(`${own}&region=eu-west-3&pathStyle=false&timeout=3`)).toMatchObject({
    region: 'eu-west-3',
    pathStyle: false,
    answerMs: 3_000,
  });
  expect(openArtifactStore('s3://bucket/prefix')).toBeInstanceOf(S3Bucket);
});

test.each([
  ['s3://key:secret@bucket/prefix', 'takes no credentials in its URL'],
  ['s3://Secret_bucket/prefix', 'begins with a bucket name'],
  ['s3:///secret', 'begins with a bucket name'],
  [
    's3://bucket/prefix?regoin=secret',
    'takes only endpoint, region, pathStyle, sse, kmsKey, timeout',
  ],
  ['s3://bucket/prefix?endpoint=secret', 'is like https://storage.example.com'],
  ['s3://bucket/prefix?pathStyle=secret', 'is true or false'],
  ['s3://bucket/prefix?sse=secret', 'is one of AES256'],
  ['s3://bucket/prefix?kmsKey=secret', 'goes with sse=aws:kms'],
  ['s3://bucket/prefix?timeout=secret', 'is a whole number of seconds up to 3600'],
  ['s3://bucket/prefix?timeout=3601', 'is a whole number of seconds up to 3600'],
  ['s3://bucket/a//secret', 'The prefix of an s3:// artifact store'],
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
