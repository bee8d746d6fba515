/** Where an S3 artifact store is and how to speak to it; credentials come from the usual environment of the SDK. */
export interface S3Location {
  readonly bucket: string;
  /** '' or folders ending in a slash: what every object's name begins with. */
  readonly prefix: string;
  /** undefined: Amazon's own, by region. */
  readonly endpoint: string | undefined;
  /** undefined: what the SDK finds in the environment. */
  readonly region: string | undefined;
  /** `endpoint/bucket/key`, not `bucket.endpoint/key`. */
  readonly pathStyle: boolean;
  readonly encryption: S3Encryption | undefined;
  /** How long an answer may take to begin, milliseconds; undefined: the usual. */
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
/** With the longest artifact key it stays below the 1024 bytes that S3 allows. */
const MAX_PREFIX_LENGTH = 200;

/**
 * Reads `s3://bucket/prefix?endpoint=…&region=…&pathStyle=…&sse=…&kmsKey=…&timeout=…`; everything but the
 * bucket may be absent. With an endpoint of its own the path style is the default: few have a wildcard certificate.
 *
 * @throws Error with a message for the operator who wrote the URL. It does not repeat the URL, which may
 *   hold credentials.
 */
export function parseS3Url(url: URL): S3Location {
  if (url.username !== '' || url.password !== '') {
    throw new Error(
      'An s3:// artifact store takes no credentials in its URL; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
  }
  if (!BUCKET.test(url.hostname) || url.port !== '') {
    throw new Error('An s3:// artifact store begins with a bucket name: s3://bucket/prefix');
  }
  const unknown = [...url.searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined || url.hash !== '') {
    throw new Error(`An s3:// artifact store takes only ${PARAMETERS.join(', ')} after its ?`);
  }
  const parameter = (name: string) => url.searchParams.get(name) ?? undefined;
  const endpoint = parameter('endpoint');
  if (endpoint !== undefined && !isHttpOrigin(endpoint)) {
    throw new Error('The endpoint of an s3:// artifact store is like https://storage.example.com');
  }
  return {
    bucket: url.hostname,
    prefix: prefixOf(url.pathname),
    endpoint,
    // Servers other than Amazon's rarely care; the SDK refuses to sign without one.
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
    `The prefix of an s3:// artifact store is at most ${MAX_PREFIX_LENGTH} letters, digits, ".", "_", "-" in folders`,
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
  throw new Error('pathStyle of an s3:// artifact store is true or false');
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS) return seconds * 1000;
  throw new Error(
    `timeout of an s3:// artifact store is a whole number of seconds up to ${MAX_TIMEOUT_SECONDS}`,
  );
}

function encryptionOf(
  sse: string | undefined,
  kmsKeyId: string | undefined,
): S3Encryption | undefined {
  const algorithm = ALGORITHMS.find((name) => name === sse);
  if (sse !== undefined && algorithm === undefined) {
    throw new Error(`sse of an s3:// artifact store is one of ${ALGORITHMS.join(', ')}`);
  }
  if (kmsKeyId !== undefined && (algorithm === undefined || algorithm === 'AES256')) {
    throw new Error('kmsKey of an s3:// artifact store goes with sse=aws:kms');
  }
  return algorithm === undefined ? undefined : { algorithm, kmsKeyId };
}
