import { Readable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type S3Fault, type S3Request, startS3Server } from '../../../testing/storage/s3-server.ts';
import { ArtifactStoreError } from './artifact-store.ts';
import { S3Bucket } from './s3/s3-bucket.ts';
import { parseS3Url } from './s3/s3-location.ts';
import { patient } from '../../../testing/patience.ts';

const server = await startS3Server();
afterAll(() => server[Symbol.asyncDispose]());

let url: string;
let store: S3Bucket;
beforeEach(() => {
  server.fault = () => undefined;
  server.encryption = 'as asked';
  url = server.storeUrl();
  store = new S3Bucket(parseS3Url(new URL(url)));
  server.requests.length = 0;
});

const DENIED: S3Fault = { status: 403, code: 'AccessDenied' };
const withOptions = (options: string) => new S3Bucket(parseS3Url(new URL(`${url}&${options}`)));
const listed = () => Array.fromAsync(store.list(''), ({ key, partial }) => ({ key, partial }));
const content = () => Readable.from([Buffer.alloc(100)]);

async function failureOf(work: Promise<unknown>): Promise<ArtifactStoreError> {
  const error: unknown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof ArtifactStoreError)) throw new Error(`no store error: ${String(error)}`);
  return error;
}

/** Rejects requests that need one of these permissions, as S3 does. */
function deny(...actions: string[]): void {
  server.fault = (request) => (actions.includes(actionOf(request)) ? DENIED : undefined);
}

function actionOf({ operation }: S3Request): string {
  return {
    create: 's3:PutObject',
    part: 's3:PutObject',
    complete: 's3:PutObject',
    abort: 's3:AbortMultipartUpload',
    uploads: 's3:ListBucketMultipartUploads',
    versioning: 's3:GetBucketVersioning',
    lock: 's3:GetBucketObjectLockConfiguration',
    list: 's3:ListBucket',
    get: 's3:GetObject',
    head: 's3:GetObject',
    delete: 's3:DeleteObject',
    other: 'other',
  }[operation];
}

const NEEDED = [
  's3:PutObject',
  's3:AbortMultipartUpload',
  's3:ListBucketMultipartUploads',
  's3:ListBucket',
  's3:GetObject',
  's3:DeleteObject',
];

describe('the probe of an S3 bucket', () => {
  test('the probe tests every operation that exports need and leaves no objects', async () => {
    expect(await store.probe()).toEqual({ versioning: 'off', objectLock: 'off', notes: [] });
    expect(new Set(server.requests.map(actionOf))).toEqual(
      new Set([...NEEDED, 's3:GetBucketVersioning', 's3:GetBucketObjectLockConfiguration']),
    );
    expect(await listed()).toEqual([]);
  });

  test.each(NEEDED)(
    'the probe names the missing permission %s and leaves no objects',
    async (action) => {
      deny(action);
      const error = await failureOf(store.probe());
      expect(error).toMatchObject({ reason: 'refused', permissions: [action] });
      expect(error.message).toContain(`${action} (to `);
      expect(error.publicDetail).toBe(
        `This server lacks a permission in the artifact store: ${action}.`,
      );
      server.fault = () => undefined;
      expect(await listed()).toEqual([]);
    },
  );

  test('the probe names all missing permissions in one error', async () => {
    deny('s3:ListBucket', 's3:GetObject', 's3:ListBucketMultipartUploads');
    const { permissions } = await failureOf(store.probe());
    expect(permissions.toSorted()).toEqual([
      's3:GetObject',
      's3:ListBucket',
      's3:ListBucketMultipartUploads',
    ]);
    deny(...NEEDED);
    await failureOf(store.probe());
    server.fault = () => undefined;
    expect(await listed()).toEqual([]);
  });

  test('the probe reports the consequences of versioning', async () => {
    for (const [status, versioning] of [
      ['Enabled', 'enabled'],
      ['Suspended', 'suspended'],
    ] as const) {
      server.fault = ({ operation }) =>
        operation === 'versioning'
          ? {
              xml: `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
            }
          : undefined;
      const findings = await store.probe();
      expect(findings).toMatchObject({ versioning, objectLock: 'off' });
      expect(findings.notes).toEqual([expect.stringContaining('NoncurrentVersionExpiration')]);
    }
  });

  test('the probe reports the consequences of Object Lock and its default retention', async () => {
    server.fault = ({ operation }) =>
      operation === 'lock'
        ? {
            xml: '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>30</Days></DefaultRetention></Rule></ObjectLockConfiguration>',
          }
        : undefined;
    const { objectLock, notes } = await store.probe();
    expect(objectLock).toBe('enabled');
    expect(notes.join(' ')).toMatch(/cannot be removed.*30 days \(COMPLIANCE\)/);
  });

  test('the probe reports unknown and succeeds if it may not query versioning and locks', async () => {
    deny('s3:GetBucketVersioning', 's3:GetBucketObjectLockConfiguration');
    const { versioning, objectLock, notes } = await store.probe();
    expect([versioning, objectLock]).toEqual(['unknown', 'unknown']);
    expect(notes.join(' ')).toMatch(/s3:GetBucketVersioning.*s3:GetBucketObjectLockConfiguration/);
  });
});

describe('encryption at rest', () => {
  const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';

  test.each([
    ['sse=AES256', 'as asked'],
    ['sse=aws:kms', { algorithm: 'aws:kms', keyId: KEY }],
    [`sse=aws:kms&kmsKey=${KEY}`, 'as asked'],
    ['sse=aws:kms&kmsKey=alias/exports', { algorithm: 'aws:kms', keyId: KEY }],
    [
      `sse=aws:kms:dsse&kmsKey=arn:aws:kms:us-east-1:111122223333:key/${KEY}`,
      { algorithm: 'aws:kms:dsse', keyId: KEY },
    ],
  ] as const)('accepts %s if the store encrypts accordingly', async (options, encryption) => {
    server.encryption = encryption;
    const encrypting = withOptions(options);
    await encrypting.probe();
    await encrypting.write('a', content(), { signal: AbortSignal.timeout(patient(60_000)) });
    expect(await listed()).toEqual([{ key: 'a', partial: false }]);
  });

  test.each([
    ['sse=AES256', 'ignored', 'not encrypted'],
    ['sse=aws:kms', 'ignored', 'not encrypted'],
    ['sse=aws:kms', { algorithm: 'AES256' }, 'encrypted with AES256'],
    [`sse=aws:kms&kmsKey=${KEY}`, { algorithm: 'aws:kms', keyId: 'other' }, 'the store used'],
    [`sse=aws:kms&kmsKey=${KEY}`, { algorithm: 'aws:kms' }, 'does not name'],
  ] as const)(
    'probe and write reject %s if the store does not encrypt accordingly: %j',
    async (options, encryption, reason) => {
      server.encryption = encryption;
      const encrypting = withOptions(options);
      for (const work of [
        () => encrypting.probe(),
        () => encrypting.write('a', content(), { signal: AbortSignal.timeout(patient(60_000)) }),
      ]) {
        const error = await failureOf(work());
        expect(error).toMatchObject({ reason: 'refused', problem: 'encryption' });
        expect(error.message).toContain(reason);
        expect(await listed()).toEqual([]);
      }
      const sent = server.requests.filter(({ operation }) => operation === 'part');
      for (const { body } of sent) expect(body.length, 'no content of a file').not.toBe(100);
    },
  );

  test('a write fails and deletes the object if the store stops encrypting', async () => {
    const encrypting = withOptions('sse=AES256');
    const signal = AbortSignal.timeout(patient(60_000));
    await encrypting.write('a', content(), { signal });
    server.encryption = 'ignored';
    const error = await failureOf(encrypting.write('b', content(), { signal }));
    expect(error.problem).toBe('encryption');
    expect(await listed()).toEqual([{ key: 'a', partial: false }]);
  });
});

test('reports unfinished parts that cannot be removed and lets a later sweep remove them', async () => {
  const left: Error[] = [];
  const options = {
    signal: AbortSignal.timeout(patient(60_000)),
    onLeftover: (e: Error) => left.push(e),
  };
  deny('s3:AbortMultipartUpload');
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(10);
    throw new Error('the source broke');
  }
  await expect(store.write('a', broken(), options)).rejects.toThrow('the source broke');
  expect(left.map(String)).toEqual([
    expect.stringContaining(
      'Cannot remove the unfinished parts of artifact a: permission is missing',
    ),
  ]);
  server.fault = () => undefined;
  expect(await listed()).toEqual([{ key: 'a', partial: true }]);
  expect(await store.deletePartials('a')).toBe(1);
});

test('a canceled write reports parts that it could not remove before it ends', async () => {
  const left: Error[] = [];
  const canceled = new AbortController();
  deny('s3:AbortMultipartUpload');
  async function* waiting(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(10);
    canceled.abort(new Error('canceled'));
    await new Promise(() => undefined);
  }
  const options = { signal: canceled.signal, onLeftover: (error: Error) => left.push(error) };
  await expect(store.write('a', waiting(), options)).rejects.toThrow('canceled');
  expect(left).toHaveLength(1);
});

describe('error messages', () => {
  test.each([
    [404, 'NoSuchBucket', 'bucket', 'there is no such bucket'],
    [403, 'SignatureDoesNotMatch', 'credentials', 'check the secret key'],
    [403, 'InvalidAccessKeyId', 'credentials', 'the access key is not known'],
    [403, 'AccessDenied', 'permission', 'permission is missing'],
    [403, 'RequestTimeTooSkewed', 'clock', 'synchronize it (NTP)'],
    [301, 'PermanentRedirect', 'region', 'correct region or endpoint'],
    [400, 'AuthorizationHeaderMalformed', 'region', 'correct region or endpoint'],
    [400, 'ExpiredToken', 'credentials', 'the credentials have expired'],
  ])(
    'an error %d %s has a clear message even for HEAD without a body',
    async (status, code, problem, why) => {
      await store.write('a', content(), { signal: AbortSignal.timeout(patient(60_000)) });
      server.fault = () => ({ status, code });
      for (const work of [() => store.open('a'), () => store.stat('a'), () => store.probe()]) {
        const error = await failureOf(work());
        expect(error.problem).toBe(problem);
        expect(error.message).toContain(why);
        expect(error.message).toContain(code);
        expect(error.message).not.toContain('UnknownError');
        expect(error.publicDetail).not.toContain('bucket-');
      }
    },
  );

  test('a missing object in an existing bucket is not a store failure', async () => {
    expect(await store.stat('absent')).toBeUndefined();
    expect(await failureOf(store.open('absent'))).toMatchObject({ problem: 'file' });
  });

  test('an unparsable response is described by its status', async () => {
    server.fault = () => ({ status: 418, code: '' });
    const { message } = await failureOf(store.deletePrefix('a'));
    expect(message).toContain('HTTP 418');
    expect(message).not.toContain('UnknownError');
  });

  test('a server that does not respond is reported as unreachable', async () => {
    const away = new S3Bucket(parseS3Url(new URL('s3://bucket?endpoint=http://127.0.0.1:1')));
    const error = await failureOf(away.stat('a'));
    expect(error.problem).toBe('unreachable');
    expect(error.message).toContain('ECONNREFUSED');
  });
});
