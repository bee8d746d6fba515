import { z } from 'zod';
import { namesOf, labelWorkspaces } from '../members/describe-member.ts';
import type { Queryable } from '../database.ts';
import type { Outcome } from '../evidence/intent.ts';
import { boundedFilters } from '../evidence/input-digest.ts';
import type { ApiAnswer, ApiClient } from '../upstream/api-client.ts';

const viewSchema = z.object({
  name: z.string(),
  description: z.string().optional(),
  workspaceId: z.string().nullish(),
  isDefault: z.boolean().optional(),
  query: z.unknown().optional(),
});

export type DescribedView = z.output<typeof viewSchema>;

/** The saved view in a response of the api; undefined if there is none. */
export function parseView({ status, text }: ApiAnswer): DescribedView | undefined {
  if (status >= 300) return undefined;
  try {
    return viewSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** A saved view before an action; undefined if it cannot be read: then the action itself reports why. */
export async function viewBefore(
  api: ApiClient,
  call: { readonly path: string; readonly token: string; readonly headers: Record<string, string> },
): Promise<DescribedView | undefined> {
  const answer = await api
    .call({ method: 'GET', timeoutMs: 5_000, ...call })
    .catch(() => undefined);
  return answer === undefined ? undefined : parseView(answer);
}

/** The fields of a saved view that an action changed, before and after; large filters as a digest. */
export function viewChanges(before: DescribedView, after: DescribedView) {
  const fields = ['name', 'description', 'workspaceId', 'isDefault', 'query'] as const;
  const changed = fields.filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  const shown = (view: DescribedView, field: (typeof fields)[number]) => {
    if (field !== 'query') return view[field] ?? null;
    const { filters, filtersDigest } = boundedFilters(view.query);
    return filters ?? filtersDigest ?? null;
  };
  return Object.fromEntries(
    changed.map((field) => [
      field === 'query' ? 'filters' : field,
      { before: shown(before, field), after: shown(after, field) },
    ]),
  );
}

/** An outcome with the current names of its workspaces. */
export async function withWorkspaceNames(
  db: Queryable,
  companyId: string,
  outcome: Outcome,
): Promise<Outcome> {
  const ids = workspaceIdsOf(outcome.details);
  if (ids === undefined) return outcome;
  const workspaces = await labelWorkspaces(db, companyId, ids).then(namesOf, () => undefined);
  if (workspaces === undefined) return outcome;
  return { ...outcome, details: { ...Object(outcome.details), workspaces } };
}

const scopeSchema = z.object({ workspaceIds: z.array(z.string()) });

function workspaceIdsOf(details: unknown): readonly string[] | undefined {
  return scopeSchema.safeParse(details).data?.workspaceIds;
}
