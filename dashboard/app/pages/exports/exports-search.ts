import * as z from 'zod/mini';

/** The list's filters as they stand in the URL; what is malformed was never there. */
export interface ExportsSearch {
  readonly status?: readonly string[];
  readonly format?: 'JSONL' | 'CSV';
  /** A user's or key's id. */
  readonly requestedBy?: string;
  readonly workspace?: string;
  readonly cursor?: string;
}

const STATUS = z.enum(['pending', 'running', 'succeeded', 'failed', 'canceled']);
const READERS = {
  status: z.pipe(
    z.transform((value: unknown) => (typeof value === 'string' ? [value] : value)),
    z.array(STATUS).check(z.minLength(1)),
  ),
  format: z.enum(['JSONL', 'CSV']),
  requestedBy: z.string().check(z.minLength(1), z.maxLength(64)),
  workspace: z.uuid(),
  cursor: z.string().check(z.minLength(1), z.maxLength(1000)),
} as const;

export function readExportsSearch(search: Record<string, unknown>): ExportsSearch {
  const read: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries(READERS)) {
    const parsed = reader.safeParse(search[name]);
    if (parsed.success) read[name] = parsed.data;
  }
  return read;
}
