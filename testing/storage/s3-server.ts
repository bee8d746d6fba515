import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { startFauxqs } from 'fauxqs';
import { type S3Operation, UploadLedger } from './s3-upload-ledger.ts';

export interface S3Request {
  readonly operation: S3Operation;
  readonly headers: Readonly<IncomingMessage['headers']>;
  readonly url: URL;
  readonly body: Buffer;
}

/** The fault injected into one request. */
export type S3Fault =
  /** Responds with this error without executing the request. */
  | { readonly status: number; readonly code: string }
  /** Executes the request, but closes the connection before the response. */
  | 'lose answer'
  /** Closes the connection after this many bytes of the response body. */
  | { readonly cutAfterBytes: number }
  /** Sends nothing after this many bytes of the response body. */
  | { readonly stallAfterBytes: number }
  /** Responds with this document without executing the request. */
  | { readonly xml: string }
  /** Responds with success without executing the request. */
  | 'lie';

export interface S3Server extends AsyncDisposable {
  /** Creates a bucket and returns its store URL. Any credentials are accepted. */
  storeUrl(): string;
  readonly requests: S3Request[];
  /**
   * How the server handles the headers of server-side encryption: like S3, without support for them, or with another
   * algorithm than requested.
   */
  encryption: 'as asked' | 'ignored' | { readonly algorithm: string; readonly keyId?: string };
  /** Called for every request. It can also delay the request. */
  fault: (request: S3Request) => Promise<S3Fault | undefined> | S3Fault | undefined;
}

/**
 * An S3 server on its own port: fauxqs behind a proxy that adds missing features (ListMultipartUploads, verification of
 * checksums) and injects faults.
 */
export async function startS3Server(): Promise<S3Server> {
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';
  const fauxqs = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  const ledger = new UploadLedger();
  const requests: S3Request[] = [];
  const encrypted = new Map<string, Encryption>();
  const server: Pick<S3Server, 'fault' | 'encryption'> = {
    fault: () => undefined,
    encryption: 'as asked',
  };
  const front = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', 'http://front');
    const body = await buffer(incoming);
    const operation = operationOf(incoming.method ?? 'GET', url);
    const request = { operation, headers: incoming.headers, url, body };
    requests.push(request);
    const fault = (await server.fault(request)) ?? checksumFault(request);
    if (fault === 'lie') return lie(request, outgoing);
    if (typeof fault === 'object' && 'status' in fault) return refuse(outgoing, fault);
    if (typeof fault === 'object' && 'xml' in fault) return void outgoing.end(fault.xml);
    if (operation === 'uploads') return void outgoing.end(ledger.list(url));
    if (operation === 'versioning') return void outgoing.end(NO_VERSIONS);
    if (operation === 'lock') return refuse(outgoing, NO_LOCK);
    const inner = httpRequest({
      port: fauxqs.port,
      host: '127.0.0.1',
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
    });
    inner.end(body);
    const [reply] = (await once(inner, 'response')) as [IncomingMessage];
    const content = await buffer(reply);
    if ((reply.statusCode ?? 500) < 300) ledger.note(operation, url, content);
    if (fault === 'lose answer') return void outgoing.destroy();
    if (operation === 'create') encrypted.set(url.pathname, appliedTo(request, server.encryption));
    const shown = ['create', 'head', 'get'].includes(operation) ? encrypted.get(url.pathname) : {};
    outgoing.writeHead(reply.statusCode ?? 500, { ...reply.headers, ...shown });
    if (fault === undefined) return void outgoing.end(content);
    if ('stallAfterBytes' in fault)
      return void outgoing.write(content.subarray(0, fault.stallAfterBytes));
    outgoing.write(content.subarray(0, fault.cutAfterBytes), () => outgoing.destroy());
  };

  // Do not close idle connections: the next request on them could fail without an injected fault.
  front.keepAliveTimeout = 0;
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  return Object.assign(server, {
    requests,
    storeUrl: () => {
      const { bucketName } = fauxqs.createBucket(`bucket-${randomUUID()}`);
      return `s3://${bucketName}/artifacts?endpoint=http://127.0.0.1:${port}`;
    },
    [Symbol.asyncDispose]: async () => {
      front.closeAllConnections();
      front.close();
      await fauxqs.stop();
    },
  });
}

function operationOf(method: string, { pathname, searchParams: query }: URL): S3Operation {
  const onBucket = pathname.split('/').filter((part) => part !== '').length === 1;
  if (onBucket && method === 'GET') {
    if (query.has('versioning')) return 'versioning';
    if (query.has('object-lock')) return 'lock';
    return query.has('uploads') ? 'uploads' : 'list';
  }
  if (onBucket) return 'other';
  if (method === 'POST') return query.has('uploads') ? 'create' : 'complete';
  if (method === 'PUT') return query.has('partNumber') ? 'part' : 'other';
  if (method === 'DELETE') return query.has('uploadId') ? 'abort' : 'delete';
  return method === 'HEAD' ? 'head' : 'get';
}

const NO_VERSIONS = '<VersioningConfiguration></VersioningConfiguration>';
const NO_LOCK = { status: 404, code: 'ObjectLockConfigurationNotFoundError' };
const ALGORITHM = 'x-amz-server-side-encryption';
const KEY_ID = 'x-amz-server-side-encryption-aws-kms-key-id';

type Encryption = Readonly<Record<string, string>>;

/** The response headers with which S3 reports the encryption of an object. */
function appliedTo({ headers }: S3Request, encryption: S3Server['encryption']): Encryption {
  if (encryption === 'ignored') return {};
  const asked = { algorithm: headers[ALGORITHM]?.toString(), keyId: headers[KEY_ID]?.toString() };
  const { algorithm, keyId } = encryption === 'as asked' ? asked : encryption;
  return {
    ...(algorithm === undefined ? {} : { [ALGORITHM]: algorithm }),
    ...(keyId === undefined ? {} : { [KEY_ID]: `arn:aws:kms:us-east-1:111122223333:key/${keyId}` }),
  };
}

/** Checks that a part has a correct checksum. */
function checksumFault({ operation, headers, body }: S3Request): S3Fault | undefined {
  if (operation !== 'part') return undefined;
  const expected = Buffer.alloc(4);
  expected.writeUInt32BE(crc32(body));
  if (headers['x-amz-checksum-crc32'] === expected.toString('base64')) return undefined;
  return { status: 400, code: 'BadDigest' };
}

function refuse(
  outgoing: ServerResponse,
  { status, code }: { status: number; code: string },
): void {
  outgoing.writeHead(status, { 'content-type': 'application/xml' });
  outgoing.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

function lie({ operation, url }: S3Request, outgoing: ServerResponse): void {
  outgoing.writeHead(200, { 'content-type': 'application/xml', etag: '"lie"' });
  const key = `<Key>${url.pathname.split('/').slice(2).join('/')}</Key>`;
  if (operation === 'create')
    outgoing.end(
      `<InitiateMultipartUploadResult>${key}<UploadId>lie</UploadId></InitiateMultipartUploadResult>`,
    );
  else if (operation === 'complete')
    outgoing.end(
      `<CompleteMultipartUploadResult>${key}<ETag>"lie"</ETag></CompleteMultipartUploadResult>`,
    );
  else outgoing.end();
}
