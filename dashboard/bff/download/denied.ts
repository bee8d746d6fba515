import type { FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.ts';
import type { BffDeps } from '../bff-deps.ts';
import type { Problem } from '../errors.ts';
import { appendEvidence, byMember } from '../evidence/append-evidence.ts';
import { asUuid } from '../proxy/evidenced-route.ts';

/** A refused download of a person who is signed in. What failed for another reason, or was only a bad range, is none. */
export async function denied(
  deps: BffDeps,
  caller: Caller,
  request: FastifyRequest<{ Params: { jobId: string } }>,
  problem: Problem,
): Promise<void> {
  if (request.method === 'HEAD' || problem.status >= 500 || problem.status === 416) return;
  const bytes = problem.members['bytes'];
  await appendEvidence(deps.pool, {
    ...byMember(caller),
    action: 'EXPORT_DOWNLOAD_DENIED',
    jobId: asUuid(request.params.jobId),
    // What was typed in the address, as far as a text of the database can hold it.
    subjectId: request.params.jobId.slice(0, 100).replaceAll('\0', '\uFFFD'),
    details: typeof bytes === 'number' ? { fileBytes: bytes } : {},
    outcome: problem.code,
  });
}
