import { z } from 'zod';
import { FILTER_FIELDS, type ListField } from '../../../../contract/filter-fields.ts';
import type { EventQuery } from '../../../../contract/event-query.ts';
import { PREVIOUS_PERIODS } from '../../../../contract/time-range.ts';

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
  z.strictObject({ previous: z.enum(PREVIOUS_PERIODS) }),
]);

const fields = {
  version: z.literal(1),
  from: z.string(),
  to: z.string(),
  range,
  receivedFrom: z.string(),
  receivedTo: z.string(),
  search: z.string(),
  metadata,
  sort: z.enum(['timestamp']),
  order: z.enum(['asc', 'desc']),
  pageSize: z.number(),
} as const satisfies Record<Exclude<keyof EventQuery, ListField>, z.ZodType>;

const lists = Object.fromEntries(FILTER_FIELDS.map(({ field }) => [field, texts]));

const storedFilters = z
  .strictObject({ ...fields, ...lists })
  .partial()
  .required({ version: true });

/**
 * The parts of a stored filter document that this version does not understand, such as `excludeActions` or
 * `metadata.0.op`: a newer version stored it. A document that is not fully understood must not be used, because
 * omitting a condition makes the result larger than requested. Checks the meaning of fields and not their limits,
 * which may have changed since the document was stored.
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
