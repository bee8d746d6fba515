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

/** The fields of an export job that the dashboard itself reads; the browser gets the api's whole document. */
export type ExportJob = z.output<typeof jobSchema>;

/** The job in a response of the api; undefined if there is none. */
export function parseExportJob(answer: ApiAnswer): ExportJob | undefined {
  if (answer.status >= 300) return undefined;
  try {
    return jobSchema.safeParse(JSON.parse(answer.text)).data;
  } catch {
    return undefined;
  }
}

/**
 * A token with read access to a whole company, for the reconciler: the person who sent a request may have lost access to
 * its result. Never used for changes.
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
