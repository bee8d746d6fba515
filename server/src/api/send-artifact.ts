import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';
import { artifactFileName } from '../exports/artifact/artifact-key.ts';
import type { ExportJob } from '../exports/export-job.ts';
import { exportState, isTerminal } from '../../../contract/export-state.ts';
import { findExport } from '../exports/request/sql/find-export.ts';
import { inCompany } from '../regions/transaction.ts';
import {
  ArtifactMissingError,
  ArtifactStoreError,
  type ByteRange,
} from '../storage/artifact-store.ts';
import { FileRange } from '../storage/local/file-range.ts';
import { publicReason } from '../storage/store-health.ts';
import { type Actor, appendAudit, type RequestOrigin } from '../tenancy/audit-log.ts';
import type { ApiRegion } from './api-deps.ts';
import { setSpentHeaders } from './rate-limits/rate-limits.ts';
import { decideRange, entityTag } from './byte-range.ts';

const RETRY_AFTER_SECONDS = 2;

/** The caller and the job whose file they download. */
interface Download {
  readonly region: ApiRegion;
  readonly actor: Actor;
  readonly origin: RequestOrigin;
  /** The caller's access has already been checked. */
  readonly job: ExportJob;
}

/**
 * Answers GET and HEAD with the file of a job, or with the requested range of it, and records a download in the audit log.
 * @throws Problem EXPORT_NOT_READY, EXPORT_NOT_AVAILABLE, EXPORT_EXPIRED, EXPORT_FILE_DELETED, PRECONDITION_FAILED,
 * RANGE_NOT_SATISFIABLE, RATE_LIMITED, ARTIFACT_UNAVAILABLE, ARTIFACT_MISSING
 */
export async function sendArtifact(
  download: Download,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const artifact = availableArtifact(download.job);
  const { sha256, bytes } = artifact;
  reply.headers({
    etag: entityTag(sha256),
    'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    'accept-ranges': 'bytes',
    'cache-control': 'no-store, no-transform',
  });
  const decision = decideRange(request.headers, bytes, entityTag(sha256));
  if (decision.kind === 'not-modified') return reply.code(304).send();
  const range = decision.kind === 'part' ? decision.range : { start: 0, end: bytes };
  reply.code(decision.kind === 'part' ? 206 : 200).headers({
    'content-type': contentType(artifact.job),
    'content-length': range.end - range.start,
    'content-disposition': `attachment; filename="${artifactFileName(artifact.job)}"`,
    ...(decision.kind === 'part'
      ? { 'content-range': `bytes ${range.start}-${range.end - 1}/${bytes}` }
      : {}),
  });
  if (request.method === 'HEAD') {
    await requireStored(download.region, artifact, request);
    return reply.send();
  }
  const { actor, job } = download;
  const downloader = { caller: `${actor.type}:${actor.id}`, companyId: job.companyId };
  request.server.openDownloads.begin(downloader, request, reply);
  const stream = await openStream(download.region, artifact, range, request);
  try {
    await audit(download, artifact, range);
  } catch (error) {
    stream.destroy();
    throw error;
  }
  if (!(stream instanceof FileRange)) return reply.send(stream);
  await sendFile(stream, reply, request);
  return reply;
}

interface Artifact {
  readonly job: ExportJob;
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** @throws Problem EXPORT_NOT_READY, EXPORT_NOT_AVAILABLE, EXPORT_FILE_DELETED or EXPORT_EXPIRED */
function availableArtifact(job: ExportJob): Artifact {
  if (!isTerminal(job.status)) {
    throw new Problem(
      'EXPORT_NOT_READY',
      `This export is ${job.status}. Try again after it has succeeded.`,
      {
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      },
    );
  }
  const { artifactKey, bytes, sha256, artifactExpiresAt } = job;
  if (artifactKey === null || bytes === null || sha256 === null) {
    const state = exportState(job.status).label.toLowerCase();
    throw new Problem(
      'EXPORT_NOT_AVAILABLE',
      `This export has ${state === 'canceled' ? 'been canceled' : state}, so it has no file. Rerun it.`,
    );
  }
  requireNotDeleted(job);
  if (artifactExpiresAt !== null && artifactExpiresAt <= new Date()) {
    throw new Problem(
      'EXPORT_EXPIRED',
      `The file expired at ${artifactExpiresAt.toISOString()}. Rerun the export to get a new file.`,
    );
  }
  return { job, key: artifactKey, bytes, sha256 };
}

/** @throws Problem EXPORT_FILE_DELETED */
function requireNotDeleted({ artifactDeletedAt, artifactDeletedByLabel }: ExportJob): void {
  if (artifactDeletedAt === null) return;
  throw new Problem(
    'EXPORT_FILE_DELETED',
    `The file was deleted by ${artifactDeletedByLabel ?? 'someone'} at ${artifactDeletedAt.toISOString()}. Rerun the export to get a new file.`,
  );
}

/** HEAD must predict the answer to GET: it checks that the file is stored. */
async function requireStored(
  region: ApiRegion,
  { job, key, bytes }: Artifact,
  request: FastifyRequest,
): Promise<void> {
  const stored = await region.store.stat(key).catch(unreadable(region, job, request));
  if (stored?.bytes !== bytes)
    await unreadable(region, job, request)(new ArtifactMissingError(key));
}

async function openStream(
  region: ApiRegion,
  { job, key }: Artifact,
  range: ByteRange,
  request: FastifyRequest,
) {
  return region.store.open(key, range).catch(unreadable(region, job, request));
}

/** Sends a file like a Fastify stream, but with reused buffers. If reading fails, it closes the connection. */
async function sendFile(
  file: FileRange,
  reply: FastifyReply,
  request: FastifyRequest,
): Promise<void> {
  // onSend hooks do not run for a hijacked response.
  setSpentHeaders(request, reply);
  reply.hijack();
  reply.raw.statusCode = reply.statusCode;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  try {
    await file.sendTo(reply.raw);
  } catch (error) {
    const failed = error instanceof ArtifactStoreError;
    if (failed)
      request.log.error(
        { err: error },
        'reading the artifact failed after the response had started',
      );
    reply.raw.destroy();
  }
}

/**
 * Returns a handler that turns errors of the artifact store into problems.
 * @throws Problem ARTIFACT_UNAVAILABLE, ARTIFACT_MISSING, EXPORT_FILE_DELETED; any other error unchanged
 */
function unreadable({ pool }: ApiRegion, { companyId, jobId }: ExportJob, request: FastifyRequest) {
  return async (error: unknown): Promise<never> => {
    if (!(error instanceof ArtifactStoreError || error instanceof RangeError)) throw error;
    if (error instanceof ArtifactMissingError) {
      const job = await inCompany(pool, companyId, (client) =>
        findExport(client, companyId, jobId),
      );
      // The file was deleted on request after the job was read.
      if (job !== undefined) requireNotDeleted(job);
    }
    request.log.error({ err: error, jobId }, 'artifact cannot be read');
    if (error instanceof ArtifactMissingError || error instanceof RangeError) {
      throw new Problem(
        'ARTIFACT_MISSING',
        'The file of this export is missing from the artifact store or was changed. Trying again will not help: rerun the export, and tell your operator.',
        { cause: error },
      );
    }
    throw new Problem(
      'ARTIFACT_UNAVAILABLE',
      `The file of this export cannot be read right now. ${publicReason(error)} Try again in a moment.`,
      { cause: error, members: { storeProblem: error.problem } },
    );
  };
}

async function audit(
  { region, actor, origin, job: { companyId, jobId } }: Download,
  artifact: Artifact,
  range: ByteRange,
): Promise<void> {
  await inCompany(region.pool, companyId, (client) =>
    appendAudit(client, {
      companyId,
      actor,
      origin,
      action: 'EXPORT_DOWNLOADED',
      subject: { type: 'export', id: jobId },
      details: { range: [range.start, range.end], bytes: artifact.bytes, sha256: artifact.sha256 },
    }),
  );
}

/** The type of the stored bytes: a compressed file is sent as such, never with Content-Encoding. */
function contentType({ format, compression }: ExportJob): string {
  if (compression === 'gzip') return 'application/gzip';
  if (compression === 'zstd') return 'application/zstd';
  if (compression !== 'none') return 'application/octet-stream';
  if (format === 'CSV') return 'text/csv; charset=utf-8';
  return format === 'JSONL' ? 'application/x-ndjson' : 'application/octet-stream';
}
