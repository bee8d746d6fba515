import { z } from 'zod';
import type { Member } from '../auth/member.ts';
import type { BffDeps } from '../bff-deps.ts';
import type { ApiAnswer } from './api-client.ts';

const jobSchema = z.object({
  jobId: z.string(),
  companyId: z.string(),
  workspaceIds: z.array(z.string()),
  status: z.string(),
  format: z.string(),
  filters: z.unknown().optional(),
  bytes: z.number().nullable(),
  sha256: z.string().nullable(),
  purpose: z.string().nullish(),
  artifactDeletedAt: z.string().nullish(),
  requestedBy: z.object({ id: z.string() }).optional(),
});

/** What the dashboard itself reads of an export job; the browser gets the api's whole document. */
export type ExportJob = z.output<typeof jobSchema>;

/** The job in an answer of the api; undefined when the answer holds none. */
export function parseExportJob(answer: ApiAnswer): ExportJob | undefined {
  if (answer.status >= 300) return undefined;
  try {
    return jobSchema.safeParse(JSON.parse(answer.text)).data;
  } catch {
    return undefined;
  }
}

/**
 * A token for looking at anything of a company, for the reconciler: the person who asked may have lost the
 * right to see what became of it. Never used for changing anything.
 */
export function lookupToken(
  { tokens }: Pick<BffDeps, 'tokens'>,
  companyId: string,
  region: string,
): Promise<string> {
  const reader: Member = {
    userId: 'dashboard',
    email: 'dashboard',
    name: 'dashboard',
    companyId,
    companyName: '',
    region,
    role: 'ADMIN',
    workspaceIds: [],
  };
  return tokens.forMember(reader);
}
