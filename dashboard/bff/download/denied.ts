import type { FastifyRequest } from 'fastify';
import type { Caller } from '../auth/request-origin.ts';
import type { BffDeps } from '../bff-deps.ts';
import type { Problem } from '../errors.ts';
import { appendRefusal } from '../evidence/refused-requests.ts';
import { asUuid } from '../proxy/evidenced-route.ts';

/** Statuses of a client that asked for the wrong bytes or version, not of a person who may not have the file. */
const NOT_DENIALS: ReadonlySet<number> = new Set([412, 416]);

/** Records that a signed-in person was refused a download. Server errors and failed conditions are not recorded. */
export async function denied(
  deps: BffDeps,
  caller: Caller,
  request: FastifyRequest<{ Params: { jobId: string } }>,
  problem: Problem,
): Promise<void> {
  if (request.method === 'HEAD' || problem.status >= 500 || NOT_DENIALS.has(problem.status)) return;
  const bytes = problem.members['bytes'];
  await appendRefusal(deps, caller, {
    action: 'EXPORT_DOWNLOAD_DENIED',
    jobId: asUuid(request.params.jobId),
    // What was typed in the address, as far as a text of the database can hold it.
    subjectId: request.params.jobId.slice(0, 100).replaceAll('\0', '\uFFFD'),
    details: typeof bytes === 'number' ? { fileBytes: bytes } : {},
    outcome: problem.code,
  });
}
