import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../auth/caller.ts';
import type { Caller } from '../auth/request-origin.ts';
import { covers } from '../auth/member.ts';
import type { BffDeps } from '../bff-deps.ts';
import { Problem } from '../errors.ts';
import { byMember } from '../evidence/append-evidence.ts';
import { boundedFilters } from '../evidence/input-digest.ts';
import { openIntent } from '../evidence/intent.ts';
import { abortOnDisconnect } from '../proxy/abort-on-disconnect.ts';
import { asUuid } from '../proxy/evidenced-route.ts';
import { forwardedHeaders } from '../proxy/forwarded-headers.ts';
import { type ApiCall, ApiUnavailable } from '../upstream/api-client.ts';
import { type ExportJob, parseExportJob } from '../upstream/export-job.ts';
import type { PausedResponse } from '../upstream/http-client/paused-response.ts';
import { apiUnavailable, MAX_PROBLEM_BYTES } from '../upstream/upstream-problem.ts';
import { denied } from './denied.ts';
import { type AnswerHead, type Part, partOf } from './part.ts';
import { refusalOf } from './refusal.ts';
import { streamPart } from './stream-part.ts';

type DownloadRequest = FastifyRequest<{ Params: { jobId: string } }>;

const PASSED_HEADERS = [
  'content-type',
  'content-length',
  'content-range',
  'content-disposition',
  'etag',
  'accept-ranges',
  'repr-digest',
] as const;
/** Statuses of a response with a file; any other status is an error. */
const ANSWERS: ReadonlySet<number> = new Set([200, 206, 304]);

/**
 * GET and HEAD /api/exports/:jobId/download: streams the api's file with a few buffers of memory. A GET records STARTED
 * and then COMPLETED or ABORTED in the evidence, or DENIED if it is rejected.
 */
export function downloadExport(app: FastifyInstance, deps: BffDeps): void {
  for (const url of ['/exports/:jobId/download', '/dashboard/exports/:jobId/download']) {
    app.route<{ Params: { jobId: string } }>({
      method: ['GET', 'HEAD'],
      url,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const caller = await callerOf(deps, request);
        try {
          return await answerDownload(deps, caller, request, reply);
        } catch (error) {
          if (error instanceof Problem) await denied(deps, caller, request, error);
          throw error;
        }
      },
    });
  }
}

async function answerDownload(
  deps: BffDeps,
  caller: Caller,
  request: DownloadRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const job = await visibleJob(deps, caller, request.params.jobId);
  refuseTooLarge(deps, job.bytes);
  if (request.method === 'HEAD') return describe(deps, caller, { request, reply, job });
  const upstream = await openUpstream(deps, caller, request, abortOnDisconnect(reply));
  try {
    const part = takeHead(deps, { reply, job, head: upstream });
    const status = upstream.statusCode;
    if (status === 304) {
      upstream.destroy();
      return await reply.code(status).send();
    }
    return await deps.settleLater.track(
      serve(deps, caller, { job, part, upstream, reply, status }),
    );
  } catch (error) {
    upstream.destroy();
    throw error;
  }
}

interface Described {
  readonly request: DownloadRequest;
  readonly reply: FastifyReply;
  readonly job: ExportJob;
}

async function describe(
  deps: BffDeps,
  caller: Caller,
  { request, reply, job }: Described,
): Promise<FastifyReply> {
  const call = await upstreamCall(deps, caller, request);
  const answer = await deps.api.call(call).catch(unavailable);
  if (!ANSWERS.has(answer.status)) throw refusalOf(answer.status, answer.headers, answer.text);
  takeHead(deps, { reply, job, head: { statusCode: answer.status, headers: answer.headers } });
  return reply.code(answer.status).send();
}

interface Head {
  readonly reply: FastifyReply;
  readonly job: ExportJob;
  readonly head: AnswerHead;
}

/** Copies the headers that describe the file. @throws Problem DOWNLOAD_TOO_LARGE, API_UNAVAILABLE */
function takeHead(deps: BffDeps, { reply, job, head }: Head): Part {
  const part = partOf(head);
  refuseTooLarge(deps, part.total);
  if (head.statusCode !== 304 && !isFileOf(job, head, part)) throw apiUnavailable();
  for (const name of PASSED_HEADERS) {
    const value = head.headers[name];
    if (typeof value === 'string') reply.header(name, value);
  }
  reply.header('cache-control', 'no-store, no-transform');
  return part;
}

const FILE_TYPE = /^(?:application\/(?:x-ndjson|gzip|zstd)|text\/csv)\b/;

/** Whether a response contains the file of this job. A gateway's page with status 200 must not be served as the file. */
function isFileOf(job: ExportJob, { headers }: AnswerHead, { total }: Part): boolean {
  if (job.bytes !== null && job.bytes !== total) return false;
  const type = headers['content-type'];
  return type === undefined || FILE_TYPE.test(type);
}

/** The job, requested for every download. Current memberships are checked here and in the api. */
async function visibleJob(deps: BffDeps, caller: Caller, jobId: string): Promise<ExportJob> {
  const { member, origin } = caller;
  const notFound = () => new Problem('NOT_FOUND', 'This export does not exist.');
  const id = asUuid(jobId);
  if (id === null) throw notFound();
  const answer = await deps.api
    .call({
      method: 'GET',
      path: `/dashboard/exports/${id}`,
      token: await deps.tokens.forMember(member),
      headers: forwardedHeaders(origin),
    })
    .catch(unavailable);
  if (answer.status >= 300) throw refusalOf(answer.status, answer.headers, answer.text);
  const job = parseExportJob(answer);
  if (job === undefined) throw apiUnavailable();
  if (job.companyId !== member.companyId || !covers(member, job.workspaceIds)) throw notFound();
  return job;
}

/** @throws Problem DOWNLOAD_TOO_LARGE {bytes, maxBytes}; the size of the whole file counts, even for a range */
function refuseTooLarge({ settings }: BffDeps, bytes: number | null): void {
  const { maxDownloadBytes: maxBytes } = settings;
  if (bytes === null || bytes <= maxBytes) return;
  throw new Problem(
    'DOWNLOAD_TOO_LARGE',
    `This file has ${bytes} bytes; the dashboard serves files up to ${maxBytes}. Download it from the API instead: ` +
      'GET /v1/exports/{jobId}/download with an API key, or create a smaller export (shorter time range, compression).',
    { members: { bytes, maxBytes } },
  );
}

async function upstreamCall(
  deps: BffDeps,
  { member, origin }: Caller,
  request: DownloadRequest,
): Promise<ApiCall> {
  return {
    method: request.method,
    path: `/dashboard/exports/${request.params.jobId.toLowerCase()}/download`,
    token: await deps.tokens.forMember(member),
    headers: {
      ...forwardedHeaders(origin),
      range: request.headers.range,
      'if-range': request.headers['if-range']?.toString(),
      'if-match': request.headers['if-match'],
      'if-none-match': request.headers['if-none-match'],
    },
  };
}

async function openUpstream(
  deps: BffDeps,
  caller: Caller,
  request: DownloadRequest,
  signal: AbortSignal,
): Promise<PausedResponse> {
  const call = await upstreamCall(deps, caller, request);
  const upstream = await deps.api.openPaused({ ...call, signal }).catch(unavailable);
  if (ANSWERS.has(upstream.statusCode)) return upstream;
  const text = await upstream.text(MAX_PROBLEM_BYTES).catch(() => '');
  throw refusalOf(upstream.statusCode, upstream.headers, text);
}

interface Serving {
  readonly job: ExportJob;
  readonly part: Part;
  readonly upstream: PausedResponse;
  readonly reply: FastifyReply;
  readonly status: number;
}

/** STARTED commits before the first byte is sent; if it cannot be recorded, nothing is sent. */
async function serve(deps: BffDeps, caller: Caller, serving: Serving): Promise<FastifyReply> {
  const { job, part, upstream, reply, status } = serving;
  const { filters, filtersDigest } = boundedFilters(job.filters);
  const intent = await openIntent(deps.pool, deps.processId, {
    ...byMember(caller),
    action: 'EXPORT_DOWNLOAD_STARTED',
    jobId: job.jobId,
    format: job.format,
    ...(filters !== undefined && { filters }),
    details: filtersDigest === undefined ? {} : { filtersDigest },
    bytes: part.end - part.start,
    range: { start: part.start, end: part.end },
    sha256: job.sha256,
  });
  const headers = reply.getHeaders();
  reply.hijack();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  // The client's end of the connection shows whether it took the whole file (client-receipt.ts).
  reply.raw.setHeader('connection', 'close');
  reply.raw.writeHead(status);
  const { bytes, failure } = await streamPart(upstream, reply.raw, part.end - part.start);
  await deps.settleLater.settle(intent, {
    action: failure === undefined ? 'EXPORT_DOWNLOAD_COMPLETED' : 'EXPORT_DOWNLOAD_ABORTED',
    outcome: failure ?? 'SUCCEEDED',
    bytes,
  });
  return reply;
}

function unavailable(error: unknown): never {
  if (error instanceof ApiUnavailable) throw apiUnavailable(error);
  throw error;
}
