import { z } from 'zod';

/** The evidence page's filters as they stand in the URL; what is malformed was never there. */
export interface EvidenceSearch {
  readonly user?: string;
  readonly type?: readonly string[];
  readonly jobId?: string;
  readonly from?: string;
  readonly to?: string;
  readonly cursor?: string;
}

const READERS = {
  user: z.string().trim().min(1).max(254),
  type: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(z.string().max(60)).min(1),
  ),
  jobId: z.uuid(),
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  cursor: z.string().min(1).max(1000),
} as const;

export function readEvidenceSearch(search: Record<string, unknown>): EvidenceSearch {
  const read: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries(READERS)) {
    const parsed = reader.safeParse(search[name]);
    if (parsed.success) read[name] = parsed.data;
  }
  return read;
}
