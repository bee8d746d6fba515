import { z } from 'zod';
import type { BffDeps } from '../bff-deps.ts';
import { lookupToken } from '../upstream/export-job.ts';
import { isMissing } from '../upstream/upstream-problem.ts';
import type { Outcome } from './intent.ts';
import type { OpenIntent } from './open-intents.ts';

const viewSchema = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.coerce.date(),
  updatedAt: z.coerce.date(),
});
const listSchema = z.object({ data: z.array(viewSchema) });
/** The name, normalised as the api stores it. */
const nameSchema = z.object({
  name: z
    .string()
    .trim()
    .transform((name) => name.normalize('NFC')),
});

/** Allowance for the difference between the clocks of the api and the dashboard database. */
const SKEW_MS = 5_000;

/**
 * Finds the outcome of an action on a saved view by looking at the view. The action is not repeated: a repeated PATCH
 * could overwrite a later change. undefined: the api cannot tell now.
 */
export async function presetOutcome(
  deps: Pick<BffDeps, 'api' | 'tokens'>,
  { entry, at, call }: OpenIntent,
  region: string,
): Promise<Outcome | undefined> {
  const since = new Date(at.getTime() - SKEW_MS);
  const creating = entry.action === 'SAVED_VIEW_CREATED';
  const answer = await deps.api.call({
    method: 'GET',
    path: `/dashboard/explorer/views${creating ? '' : `/${entry.subjectId ?? ''}`}`,
    token: await lookupToken(deps, entry.companyId, region),
  });
  if (isMissing(answer))
    return { outcome: entry.action === 'SAVED_VIEW_DELETED' ? 'SUCCEEDED' : 'NOT_FOUND' };
  if (answer.status !== 200) return undefined;
  const value = JSON.parse(answer.text) as unknown;
  // Running a view leaves nothing that could be looked up.
  if (entry.action === 'SAVED_VIEW_RUN') {
    viewSchema.parse(value);
    return { outcome: 'UNKNOWN' };
  }
  if (creating) {
    const wanted = nameSchema.safeParse(JSON.parse(call?.body ?? 'null')).data?.name;
    const made = listSchema
      .parse(value)
      .data.find(({ name, createdAt }) => name === wanted && createdAt >= since);
    return made === undefined
      ? { outcome: 'NOT_DONE' }
      : { outcome: 'SUCCEEDED', subjectId: made.id };
  }
  const updated =
    entry.action === 'SAVED_VIEW_UPDATED' && viewSchema.parse(value).updatedAt >= since;
  return { outcome: updated ? 'SUCCEEDED' : 'NOT_DONE' };
}
