import type { FastifyRequest } from 'fastify';
import type { Caller } from '../auth/request-origin.ts';
import type { BffDeps } from '../bff-deps.ts';
import type { Problem } from '../errors.ts';
import { appendRefusal } from '../evidence/refused-requests.ts';
import { asUuid } from '../proxy/evidenced-route.ts';

/** Statuses for a wrong range or version; the person still has access to the file. */
const NOT_DENIALS: ReadonlySet<number> = new Set([412, 416]);

/** Records that a signed-in person was denied a download. Server errors and failed conditions are not recorded. */
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
    // The id from the address, limited to text that the database can store.
    subjectId: request.params.jobId.slice(0, 100).replaceAll('\0', '\uFFFD'),
    details: typeof bytes === 'number' ? { fileBytes: bytes } : {},
    outcome: problem.code,
  });
}
