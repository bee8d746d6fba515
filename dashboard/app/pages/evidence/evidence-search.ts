import * as z from 'zod/mini';
import { EVIDENCE_WORDS } from './evidence-words.ts';

/** The evidence page's filters as they stand in the URL; what is malformed was never there. */
export interface EvidenceSearch {
  readonly user?: string;
  readonly type?: readonly string[];
  readonly jobId?: string;
  readonly from?: string;
  readonly to?: string;
  readonly cursor?: string;
  /** The row whose details are open. */
  readonly row?: string;
}

const KINDS = Object.keys(EVIDENCE_WORDS);

const READERS = {
  user: z.string().check(z.trim(), z.minLength(1), z.maxLength(254)),
  type: z.pipe(
    z.transform((value: unknown) => (typeof value === 'string' ? [value] : value)),
    z.array(z.enum(KINDS)).check(z.minLength(1)),
  ),
  jobId: z.uuid(),
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  cursor: z.string().check(z.minLength(1), z.maxLength(1000)),
  row: z.string().check(z.minLength(1), z.maxLength(64)),
} as const;

export function readEvidenceSearch(search: Record<string, unknown>): EvidenceSearch {
  const read: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries(READERS)) {
    const parsed = reader.safeParse(search[name]);
    if (parsed.success) read[name] = parsed.data;
  }
  return read;
}
