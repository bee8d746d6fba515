import { type DownloadHeaders, readDownloadHeaders } from './download-headers.ts';
import { DigestMismatchError, ExhibitError, ExhibitNetworkError } from './errors.ts';
import { backOffMs, patient, pause, type RetryPolicy } from './retry.ts';
import type { Sha256 } from './sha256.ts';
import { StallingBody } from './stalling-body.ts';
import type { CallOptions, Transport } from './transport.ts';

export interface DownloadOptions extends CallOptions {
  /** Expected SHA-256 of the file in hex (`job.sha256`), checked in addition to the digest in the headers. */
  readonly sha256?: string | undefined;
  /** Called after each chunk. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Resumes an interrupted download whose first bytes are already present. Requires `sha256`. */
  readonly resume?: DownloadStart | undefined;
}

export interface DownloadStart {
  readonly bytes: number;
  /** A hash that has been updated with those bytes. */
  readonly hash: Sha256;
}

export interface DownloadProgress {
  /** Number of bytes from the start of the file. */
  readonly bytes: number;
  readonly totalBytes: number | undefined;
  /** How often a broken connection was resumed. */
  readonly resumed: number;
}

export interface DownloadResult {
  readonly fileName: string | undefined;
  readonly bytes: number;
  /** SHA-256 of the whole file, verified against the server's digest. */
  readonly sha256: string;
}

/** A file being downloaded. Iterate it once; if the loop ends without an error, the digest matches. */
export interface Download extends AsyncIterable<Uint8Array> {
  /** The file name from Content-Disposition. */
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly totalBytes: number | undefined;
  /** Offset of the first chunk: 0, or `resume.bytes` if the server resumed there. */
  readonly startsAt: number;
  /** @throws Error if the loop has not ended yet */
  result(): DownloadResult;
}

interface DownloadTarget extends Omit<DownloadOptions, 'sha256'> {
  readonly jobId: string;
  readonly path: string;
  readonly expected: string | undefined;
  readonly createHash: () => Sha256;
}

/** Requests the file and resolves when the response headers have arrived. */
export async function openDownload(
  transport: Transport,
  target: DownloadTarget,
): Promise<Download> {
  const { resume, expected } = target;
  const start = resume === undefined || expected === undefined ? undefined : resume;
  const response = await requestFrom(transport, target, {
    bytes: start?.bytes ?? 0,
    digest: expected,
    retry: transport.retry,
  });
  const headers = readDownloadHeaders(response);
  // A 200 response to a Range request has the whole file: another version, or a server without range support.
  const isContinued = start !== undefined && headers.start === start.bytes;
  const hash = isContinued ? start.hash : target.createHash();
  try {
    const bytes = isContinued ? start.bytes : 0;
    return new ResumingDownload(transport, target, { response, headers, hash, bytes });
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
}

interface Opened {
  readonly response: Response;
  readonly headers: DownloadHeaders;
  readonly hash: Sha256;
  readonly bytes: number;
}

class ResumingDownload implements Download {
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly totalBytes: number | undefined;
  readonly startsAt: number;
  readonly #transport: Transport;
  readonly #target: DownloadTarget;
  readonly #expected: string;
  readonly #hash: Sha256;
  #body: StallingBody;
  #bytes: number;
  #resumed = 0;
  #actual: string | undefined;

  constructor(transport: Transport, target: DownloadTarget, opened: Opened) {
    const { headers, response } = opened;
    this.#transport = transport;
    this.#target = target;
    this.#expected = expectedDigest(target, headers);
    this.#hash = opened.hash;
    this.#bytes = opened.bytes;
    this.#body = new StallingBody(response, transport.timeoutMs);
    this.startsAt = opened.bytes;
    this.fileName = headers.fileName;
    this.contentType = headers.contentType;
    this.totalBytes = headers.totalBytes;
  }

  result(): DownloadResult {
    if (this.#actual === undefined) throw new Error('The download has not finished.');
    return { fileName: this.fileName, bytes: this.#bytes, sha256: this.#actual };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const chunk = await this.#read();
        if (chunk === undefined) break;
        this.#hash.update(chunk);
        this.#bytes += chunk.length;
        yield chunk;
        const { onProgress } = this.#target;
        onProgress?.({ bytes: this.#bytes, totalBytes: this.totalBytes, resumed: this.#resumed });
      }
    } finally {
      this.#body.cancel();
    }
    const actual = this.#hash.digestHex();
    if (actual !== this.#expected) throw this.#mismatch(actual);
    this.#actual = actual;
  }

  /** Returns the next chunk, over a new connection if the current one broke; undefined at the end of the file. */
  async #read(): Promise<Uint8Array | undefined> {
    const { retry } = this.#transport;
    for (let failures = 0; ; ) {
      const cut = await this.#attempt();
      if (!('error' in cut)) return cut.chunk;
      failures += 1;
      if (failures >= retry.attempts) throw cut.error;
      await pause(backOffMs(retry, failures), this.#target.signal);
      await this.#reconnect();
    }
  }

  async #attempt(): Promise<{ chunk: Uint8Array | undefined } | { error: ExhibitNetworkError }> {
    try {
      const chunk = await this.#body.read();
      if (chunk !== undefined || this.totalBytes === undefined || this.#isComplete())
        return { chunk };
      return {
        error: new ExhibitNetworkError('The connection was closed before the end of the file.'),
      };
    } catch (error) {
      this.#target.signal?.throwIfAborted();
      // The connection broke after the last byte, so the file is complete.
      if (this.#isComplete()) return { chunk: undefined };
      return { error: new ExhibitNetworkError('The download was interrupted.', { cause: error }) };
    }
  }

  #isComplete(): boolean {
    return this.#bytes === this.totalBytes;
  }

  async #reconnect(): Promise<void> {
    this.#body.cancel();
    const response = await requestFrom(this.#transport, this.#target, {
      bytes: this.#bytes,
      digest: this.#expected,
      retry: patient(this.#transport.retry),
    });
    const headers = readDownloadHeaders(response);
    this.#body = new StallingBody(response, this.#transport.timeoutMs);
    if (headers.digest !== undefined && headers.digest !== this.#expected)
      throw this.#mismatch(headers.digest);
    // A proxy may ignore Range and send the file from the beginning again.
    this.#body.skip(this.#bytes - headers.start);
    this.#resumed += 1;
  }

  #mismatch(actual: string): DigestMismatchError {
    return new DigestMismatchError(this.#target.jobId, { expected: this.#expected, actual });
  }
}

interface From {
  readonly bytes: number;
  readonly digest: string | undefined;
  readonly retry: RetryPolicy;
}

async function requestFrom(
  transport: Transport,
  { path, signal }: DownloadTarget,
  { bytes, digest, retry }: From,
): Promise<Response> {
  const range = {
    range: `bytes=${bytes}-`,
    ...(digest === undefined ? {} : { 'if-range': `"sha256-${digest}"` }),
  };
  // Prevent content encodings, which fetch would decode: the digest is of the stored bytes.
  const headers = { 'accept-encoding': 'identity', accept: '*/*', ...(bytes > 0 ? range : {}) };
  return transport.open({ method: 'GET', path, headers, idempotent: true, signal }, retry);
}

/** @throws DigestMismatchError if the caller expects another file, ExhibitError if no digest is known */
function expectedDigest({ jobId, expected }: DownloadTarget, { digest }: DownloadHeaders): string {
  if (expected !== undefined && digest !== undefined && expected !== digest)
    throw new DigestMismatchError(jobId, { expected, actual: digest });
  const known = digest ?? expected;
  if (known !== undefined) return known;
  throw new ExhibitError({
    status: 200,
    code: 'UNEXPECTED_ANSWER',
    detail:
      'The response has no SHA-256 of the file (ETag or Repr-Digest), so it cannot be verified.',
  });
}
