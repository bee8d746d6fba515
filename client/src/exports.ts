import {
  type Download,
  type DownloadOptions,
  type DownloadResult,
  openDownload,
} from './download.ts';
import { type ExportJob, hasEnded } from './export-job.ts';
import { readDownloadHeaders } from './download-headers.ts';
import type { components, operations } from './generated/openapi.ts';
import { everyItem, type Page, queryParameters } from './pagination.ts';
import type { Sha256 } from './sha256.ts';
import type { CallOptions, Transport } from './transport.ts';
import { type WaitOptions, watchExport } from './watch-export.ts';

export type NewExport = components['schemas']['NewExportInput'];

export type ExportListQuery = Omit<
  NonNullable<operations['listExports']['parameters']['query']>,
  'cursor'
>;

export interface CreateExportOptions extends CallOptions {
  /** Calls with the same key within 24 hours return the same job. Default: a new key for each call. */
  readonly idempotencyKey?: string;
}

export interface FileDescription {
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly totalBytes: number | undefined;
  readonly sha256: string | undefined;
}

/** Creates, watches and downloads exports. */
export class ExportsClient {
  readonly #transport: Transport;
  readonly #sha256: () => Sha256;

  constructor(transport: Transport, sha256: () => Sha256) {
    this.#transport = transport;
    this.#sha256 = sha256;
  }

  /** Starts an export and returns its job without waiting for it. Then call `wait` and `download`. */
  async create(request: NewExport, options: CreateExportOptions = {}): Promise<ExportJob> {
    return this.#transport.json({
      method: 'POST',
      path: '/v1/exports',
      body: JSON.stringify(request),
      headers: { 'idempotency-key': options.idempotencyKey ?? crypto.randomUUID() },
      idempotent: true,
      signal: options.signal,
    });
  }

  async get(jobId: string, { signal }: CallOptions = {}): Promise<ExportJob> {
    return this.#transport.json({ method: 'GET', path: jobPath(jobId), idempotent: true, signal });
  }

  /** Yields jobs, newest first. Pages are fetched as needed. */
  list(query: ExportListQuery = {}, options: CallOptions = {}): AsyncGenerator<ExportJob> {
    return everyItem((cursor) => this.page(query, { ...options, cursor }));
  }

  async page(
    query: ExportListQuery = {},
    { cursor, signal }: CallOptions & { readonly cursor?: string | undefined } = {},
  ): Promise<Page<ExportJob>> {
    return this.#transport.json({
      method: 'GET',
      path: '/v1/exports',
      query: queryParameters({ ...query, cursor }),
      idempotent: true,
      signal,
    });
  }

  /**
   * Requests cancellation of a job. The returned job may still be `running`, with `cancelRequestedAt`: then `wait`.
   * @throws ExhibitError EXPORT_NOT_CANCELABLE if the job has already ended
   */
  async cancel(jobId: string, { signal }: CallOptions = {}): Promise<ExportJob> {
    // Do not retry: if the first response was lost, a second request fails with EXPORT_NOT_CANCELABLE.
    const path = `${jobPath(jobId)}/cancel`;
    return this.#transport.json({ method: 'POST', path, idempotent: false, signal });
  }

  /** Permanently deletes the job's file and keeps the job. Idempotent. */
  async deleteFile(jobId: string, { signal }: CallOptions = {}): Promise<ExportJob> {
    const path = `${jobPath(jobId)}/artifact`;
    return this.#transport.json({ method: 'DELETE', path, idempotent: true, signal });
  }

  /** Polls the job until it has ended and yields every response. */
  watch(jobId: string, options: WaitOptions = {}): AsyncGenerator<ExportJob> {
    return watchExport(this.#transport, jobPath(jobId), options);
  }

  /** Waits until the job has ended, successfully or not. Check its `status`. */
  async wait(
    jobId: string,
    {
      onProgress,
      ...options
    }: WaitOptions & { readonly onProgress?: (job: ExportJob) => void } = {},
  ): Promise<ExportJob> {
    for await (const job of this.watch(jobId, options)) {
      onProgress?.(job);
      if (hasEnded(job)) return job;
    }
    throw new Error('The watch stopped before the job had ended.');
  }

  /** Returns the file's metadata. Errors have no details, because a response to HEAD has no body. */
  async describeFile(jobId: string, { signal }: CallOptions = {}): Promise<FileDescription> {
    const path = `${jobPath(jobId)}/download`;
    const response = await this.#transport.open({ method: 'HEAD', path, idempotent: true, signal });
    const { fileName, contentType, totalBytes, digest } = readDownloadHeaders(response);
    return { fileName, contentType, totalBytes, sha256: digest };
  }

  /**
   * Opens the file; iterate the result to read its bytes. Broken connections are resumed.
   * @throws ExhibitError EXPORT_NOT_READY, EXPORT_NOT_AVAILABLE, EXPORT_EXPIRED; while iterating also
   *   ExhibitNetworkError, and after the last byte DigestMismatchError
   */
  async download(jobId: string, options: DownloadOptions = {}): Promise<Download> {
    const { sha256: expected, ...others } = options;
    return openDownload(this.#transport, {
      ...others,
      jobId,
      path: `${jobPath(jobId)}/download`,
      expected,
      createHash: this.#sha256,
    });
  }

  /**
   * Writes the file to a stream. The stream is closed if the digest matches and aborted otherwise.
   * @throws as `download`
   */
  async downloadTo(
    jobId: string,
    sink: WritableStream<Uint8Array>,
    options: DownloadOptions = {},
  ): Promise<DownloadResult> {
    const writer = sink.getWriter();
    try {
      const download = await this.download(jobId, options);
      for await (const chunk of download) {
        await writer.ready;
        await writer.write(chunk);
      }
      await writer.close();
      return download.result();
    } catch (error) {
      await writer.abort(error).catch(() => undefined);
      throw error;
    }
  }
}

function jobPath(jobId: string): string {
  return `/v1/exports/${encodeURIComponent(jobId)}`;
}
