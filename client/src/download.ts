import { type DownloadHeaders, readDownloadHeaders } from './download-headers.ts';
import { DigestMismatchError, ExhibitError, ExhibitNetworkError } from './errors.ts';
import { backOffMs, patient, pause, type RetryPolicy } from './retry.ts';
import type { Sha256 } from './sha256.ts';
import { StallingBody } from './stalling-body.ts';
import type { CallOptions, Transport } from './transport.ts';

export interface DownloadOptions extends CallOptions {
  /** SHA-256 the file must have, in hex (`job.sha256`), besides what the answer's headers say. */
  readonly sha256?: string | undefined;
  /** Called after each piece. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** The first bytes are here already, from a download that was interrupted; needs `sha256`. */
  readonly resume?: DownloadStart | undefined;
}

export interface DownloadStart {
  readonly bytes: number;
  /** A hash that was given those bytes. */
  readonly hash: Sha256;
}

export interface DownloadProgress {
  /** From the beginning of the file. */
  readonly bytes: number;
  readonly totalBytes: number | undefined;
  /** How often a broken connection was taken up again. */
  readonly resumed: number;
}

export interface DownloadResult {
  readonly fileName: string | undefined;
  readonly bytes: number;
  /** Of the whole file, and equal to what the server says. */
  readonly sha256: string;
}

/** A file being downloaded: iterate it once. When the loop ends without an error, the digest matched. */
export interface Download extends AsyncIterable<Uint8Array> {
  /** From Content-Disposition. */
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly totalBytes: number | undefined;
  /** Where the first piece belongs: 0, or `resume.bytes` when the server took up there. */
  readonly startsAt: number;
  /** @throws Error before the loop has ended */
  result(): DownloadResult;
}

interface DownloadTarget extends Omit<DownloadOptions, 'sha256'> {
  readonly jobId: string;
  readonly path: string;
  readonly expected: string | undefined;
  readonly createHash: () => Sha256;
}

/** Asks for the file; resolves when the server's headers are there. */
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
  // A 200 to a Range is the whole file: another version, or a server without ranges.
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
    if (this.#actual === undefined) throw new Error('The download has not ended.');
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

  /** The next piece, from a new connection when the present one broke; undefined at the end of the file. */
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
      return { error: new ExhibitNetworkError('The connection ended before the file did.') };
    } catch (error) {
      this.#target.signal?.throwIfAborted();
      // Broken after the last byte: nothing is left to ask for.
      if (this.#isComplete()) return { chunk: undefined };
      return { error: new ExhibitNetworkError('The download broke off.', { cause: error }) };
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
    // Ranges may be ignored by what stands between: then the beginning comes again.
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
  // Never in an encoding that fetch would undo: the digest is of the stored bytes.
  const headers = { 'accept-encoding': 'identity', accept: '*/*', ...(bytes > 0 ? range : {}) };
  return transport.open({ method: 'GET', path, headers, idempotent: true, signal }, retry);
}

/** @throws DigestMismatchError when the caller expects another file, ExhibitError when nobody knows the digest */
function expectedDigest({ jobId, expected }: DownloadTarget, { digest }: DownloadHeaders): string {
  if (expected !== undefined && digest !== undefined && expected !== digest)
    throw new DigestMismatchError(jobId, { expected, actual: digest });
  const known = digest ?? expected;
  if (known !== undefined) return known;
  throw new ExhibitError({
    status: 200,
    code: 'UNEXPECTED_ANSWER',
    detail: 'The answer has no SHA-256 of the file (ETag or Repr-Digest), so it cannot be checked.',
  });
}
