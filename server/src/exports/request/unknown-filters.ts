import { z } from 'zod';
import type { EventQuery } from '../../events/query/event-query.ts';

const texts = z.array(z.string());
const metadata = z.array(
  z.strictObject({
    path: z.string(),
    op: z.enum(['eq', 'exists', 'contains']),
    value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  }),
);
const range = z.union([
  z.strictObject({ last: z.string() }),
  z.strictObject({ previous: z.enum(['day', 'week', 'month']) }),
]);

const fields = {
  version: z.literal(1),
  from: z.string(),
  to: z.string(),
  range,
  workspaceIds: texts,
  projectIds: texts,
  categories: texts,
  actions: texts,
  actorIds: texts,
  actorEmails: texts,
  resourceTypes: texts,
  resourceIds: texts,
  tags: texts,
  traceIds: texts,
  ipAddresses: texts,
  apiKeyIds: texts,
  receivedFrom: z.string(),
  receivedTo: z.string(),
  search: z.string(),
  metadata,
  sort: z.enum(['timestamp']),
  order: z.enum(['asc', 'desc']),
  pageSize: z.number(),
} as const satisfies Record<keyof EventQuery, z.ZodType>;

const storedFilters = z.strictObject(fields).partial().required({ version: true });

/**
 * The parts of a stored filter document that this version does not understand, such as `excludeActions` or
 * `metadata.0.op`: a newer version stored it. A document that is not understood whole must not be used, because a
 * condition that is left out makes the result larger than what was asked for. Checks what fields mean, not the limits
 * on their size: those may have changed since the document was stored.
 */
export function unknownFilterParts(filters: unknown): string[] {
  const parsed = storedFilters.safeParse(filters);
  if (parsed.success) return [];
  return [...new Set(parsed.error.issues.flatMap(partsOf))].sort();
}

function partsOf(issue: z.core.$ZodIssue): string[] {
  const names = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
  return names.map((name) =>
    [...issue.path, ...(name === undefined ? [] : [name])].map(String).join('.'),
  );
}
