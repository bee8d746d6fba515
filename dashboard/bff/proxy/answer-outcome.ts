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
 * What an answer says became of an intent. undefined: the answer does not say it. A gateway between the dashboard and the
 * api may answer with an error or a page of its own while the api does the work, so only what the api alone writes counts:
 * the document that was asked for, or a problem document of its catalogue.
 */
export function outcomeOf(act: Act, answer: ApiAnswer): Outcome | undefined {
  if (answer.status >= 300) {
    const code = ownErrorCode(answer);
    if (code === undefined) return undefined;
    // The api refused the dashboard's token; the person is signed in.
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

/** What a job covers in addition to its filters, which may name no workspace, and why it was requested. */
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
