import { z } from 'zod';
import type { EvidenceEntry } from '../evidence/append-evidence.ts';
import type { Outcome } from '../evidence/intent.ts';
import type { ApiAnswer } from '../upstream/api-client.ts';
import { type ExportJob, parseExportJob } from '../upstream/export-job.ts';
import { ownErrorCode } from '../upstream/upstream-problem.ts';

const presetSchema = z.object({ id: z.string() });
const ranSchema = z.object({ query: z.object({}) });

type Act = Pick<EvidenceEntry, 'action' | 'jobId' | 'subjectId'>;

/**
 * The outcome of an intent according to a response; undefined if the response does not tell. A gateway between the
 * dashboard and the api may answer with its own error or page while the api does the work. So only a response that the
 * api alone can write counts: the requested document, or a problem document of its catalogue.
 */
export function outcomeOf(act: Act, answer: ApiAnswer): Outcome | undefined {
  if (answer.status >= 300) {
    const code = ownErrorCode(answer);
    if (code === undefined) return undefined;
    // The api rejected the dashboard's token; the person is signed in.
    return { outcome: code === 'UNAUTHENTICATED' ? 'API_UNAVAILABLE' : code };
  }
  if (act.action === 'SAVED_VIEW_DELETED')
    return answer.status === 204 && answer.text === '' ? { outcome: 'SUCCEEDED' } : undefined;
  if (act.action === 'SAVED_VIEW_RUN')
    return ranSchema.safeParse(jsonOf(answer)).success ? { outcome: 'SUCCEEDED' } : undefined;
  const isView = act.action === 'SAVED_VIEW_CREATED' || act.action === 'SAVED_VIEW_UPDATED';
  return isView ? presetOutcome(act, answer) : jobOutcome(act, answer);
}

function presetOutcome({ action, subjectId }: Act, answer: ApiAnswer): Outcome | undefined {
  const id = presetSchema.safeParse(jsonOf(answer)).data?.id;
  if (id === undefined) return undefined;
  if (action === 'SAVED_VIEW_UPDATED' && id !== subjectId?.toLowerCase()) return undefined;
  return { outcome: 'SUCCEEDED', subjectId: id };
}

function jobOutcome({ jobId }: Act, answer: ApiAnswer): Outcome | undefined {
  const job = parseExportJob(answer);
  if (job === undefined || job.jobId !== jobId) return undefined;
  return {
    outcome: 'SUCCEEDED',
    format: job.format,
    filters: job.filters,
    details: scopeOf(job),
  };
}

/** The scope of a job in addition to its filters, which may name no workspace, and the purpose of the export. */
function scopeOf({ workspaceIds, purpose }: ExportJob) {
  return { workspaceIds, ...(typeof purpose === 'string' && { purpose }) };
}

function jsonOf({ text }: ApiAnswer): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
