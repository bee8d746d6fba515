import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { LocalDirectory } from './local/local-directory.ts';
import { openArtifactStore } from './open-artifact-store.ts';
import { S3Bucket } from './s3/s3-bucket.ts';
import { parseS3Url } from './s3/s3-location.ts';

test('file:/// opens the decoded directory and creates it on the first write', async () => {
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

test('s3:// names a bucket and its query parameters are the options', () => {
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
  ['s3://key:secret@bucket/prefix', 'must not contain credentials'],
  ['s3://Secret_bucket/prefix', 'must start with a bucket name'],
  ['s3:///secret', 'must start with a bucket name'],
  [
    's3://bucket/prefix?regoin=secret',
    'accepts only the parameters endpoint, region, pathStyle, sse, kmsKey, timeout',
  ],
  ['s3://bucket/prefix?endpoint=secret', 'must be a URL such as https://storage.example.com'],
  ['s3://bucket/prefix?pathStyle=secret', 'must be true or false'],
  ['s3://bucket/prefix?sse=secret', 'must be one of AES256'],
  ['s3://bucket/prefix?kmsKey=secret', 'requires sse=aws:kms'],
  ['s3://bucket/prefix?timeout=secret', 'must be a whole number of seconds up to 3600'],
  ['s3://bucket/prefix?timeout=3601', 'must be a whole number of seconds up to 3600'],
  ['s3://bucket/a//secret', 'The prefix of an s3:// artifact store'],
  ['https://example.com/secret', 'cannot be https://'],
  ['/var/lib/exhibit', 'must be a URL such as file:///'],
  ['', 'must be a URL such as file:///'],
  ['file:data/secret', 'must be absolute'],
  ['file://data/secret', 'must be absolute'],
  ['file:///', 'cannot be the root directory'],
  ['file:///secret?region=us', 'must not contain ? or #'],
])('rejects %j with a message that does not contain the URL', (url, message) => {
  const open = () => openArtifactStore(url);
  expect(open).toThrow(message);
  expect(open).not.toThrow(/secret/);
});
