/** Location and options of an S3 artifact store. The SDK reads credentials from its usual environment variables. */
export interface S3Location {
  readonly bucket: string;
  /** Prefix of every object name: '' or folders ending in a slash. */
  readonly prefix: string;
  /** undefined means Amazon's endpoint for the region. */
  readonly endpoint: string | undefined;
  /** undefined means that the SDK reads it from the environment. */
  readonly region: string | undefined;
  /** Use `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  readonly pathStyle: boolean;
  readonly encryption: S3Encryption | undefined;
  /** Maximum time until a response starts, in milliseconds; undefined means the default. */
  readonly answerMs: number | undefined;
}

export interface S3Encryption {
  readonly algorithm: (typeof ALGORITHMS)[number];
  readonly kmsKeyId: string | undefined;
}

const ALGORITHMS = ['AES256', 'aws:kms', 'aws:kms:dsse'] as const;
const PARAMETERS = ['endpoint', 'region', 'pathStyle', 'sse', 'kmsKey', 'timeout'];
const MAX_TIMEOUT_SECONDS = 3_600;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PREFIX = /^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;
/** Keeps the object name below the 1024 bytes that S3 allows, even with the longest artifact key. */
const MAX_PREFIX_LENGTH = 200;

/**
 * Parses `s3://bucket/prefix?endpoint=…&region=…&pathStyle=…&sse=…&kmsKey=…&timeout=…`. Only the bucket is required.
 * With an explicit endpoint, path style is the default, because few of them have a wildcard certificate.
 *
 * @throws Error with a message for the operator who wrote the URL. The message does not contain the URL, which may
 *   include credentials.
 */
export function parseS3Url(url: URL): S3Location {
  if (url.username !== '' || url.password !== '') {
    throw new Error(
      'The URL of an s3:// artifact store must not contain credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
  }
  if (!BUCKET.test(url.hostname) || url.port !== '') {
    throw new Error(
      'The URL of an s3:// artifact store must start with a bucket name: s3://bucket/prefix',
    );
  }
  const unknown = [...url.searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined || url.hash !== '') {
    throw new Error(
      `The URL of an s3:// artifact store accepts only the parameters ${PARAMETERS.join(', ')}`,
    );
  }
  const parameter = (name: string) => url.searchParams.get(name) ?? undefined;
  const endpoint = parameter('endpoint');
  if (endpoint !== undefined && !isHttpOrigin(endpoint)) {
    throw new Error(
      'The endpoint of an s3:// artifact store must be a URL such as https://storage.example.com',
    );
  }
  return {
    bucket: url.hostname,
    prefix: prefixOf(url.pathname),
    endpoint,
    // Other servers rarely use the region, but the SDK needs one to sign requests.
    region: parameter('region') ?? (endpoint === undefined ? undefined : 'us-east-1'),
    pathStyle: booleanOf(parameter('pathStyle')) ?? endpoint !== undefined,
    encryption: encryptionOf(parameter('sse'), parameter('kmsKey')),
    answerMs: timeoutOf(parameter('timeout')),
  };
}

function prefixOf(pathname: string): string {
  const path = pathname.replace(/^\//, '').replace(/\/$/, '');
  if (path === '') return '';
  if (PREFIX.test(path) && path.length <= MAX_PREFIX_LENGTH) return `${path}/`;
  throw new Error(
    `The prefix of an s3:// artifact store must be at most ${MAX_PREFIX_LENGTH} letters, digits, ".", "_", "-" in folders`,
  );
}

function isHttpOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, search, pathname } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && search === '' && pathname === '/';
}

function booleanOf(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new Error('pathStyle of an s3:// artifact store must be true or false');
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS) return seconds * 1000;
  throw new Error(
    `timeout of an s3:// artifact store must be a whole number of seconds up to ${MAX_TIMEOUT_SECONDS}`,
  );
}

function encryptionOf(
  sse: string | undefined,
  kmsKeyId: string | undefined,
): S3Encryption | undefined {
  const algorithm = ALGORITHMS.find((name) => name === sse);
  if (sse !== undefined && algorithm === undefined) {
    throw new Error(`sse of an s3:// artifact store must be one of ${ALGORITHMS.join(', ')}`);
  }
  if (kmsKeyId !== undefined && (algorithm === undefined || algorithm === 'AES256')) {
    throw new Error('kmsKey of an s3:// artifact store requires sse=aws:kms');
  }
  return algorithm === undefined ? undefined : { algorithm, kmsKeyId };
}
