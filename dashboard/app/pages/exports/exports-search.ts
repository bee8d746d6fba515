import { z } from 'zod';

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
  status: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(STATUS).min(1),
  ),
  format: z.enum(['JSONL', 'CSV']),
  requestedBy: z.string().min(1).max(64),
  workspace: z.uuid(),
  cursor: z.string().min(1).max(1000),
} as const;

export function readExportsSearch(search: Record<string, unknown>): ExportsSearch {
  const read: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries(READERS)) {
    const parsed = reader.safeParse(search[name]);
    if (parsed.success) read[name] = parsed.data;
  }
  return read;
}
