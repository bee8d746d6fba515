import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { administratorOf } from '../auth/caller.ts';
import type { Caller } from '../auth/request-origin.ts';
import type { BffDeps } from '../bff-deps.ts';
import { isStorable, uuidSchema } from '../http/field-schemas.ts';
import { checked } from '../http/json-body.ts';
import { Problem } from '../errors.ts';
import { UUID } from '../uuid.ts';
import { appendEvidence, AUDIT_ACTIONS, byMember } from './append-evidence.ts';
import { streamEvidenceCsv } from './evidence-csv.ts';
import { findPrincipals, type Principals } from './find-principals.ts';
import { evidenceJson, type EvidenceFilter, readEvidence } from './read-evidence.ts';

const MAX_ROWS = 200;

const END_OF_TIME = Date.UTC(2100, 0, 1);
/** Must also be valid for PostgreSQL, which accepts offsets up to 15:59. */
const time = z.iso
  .datetime({ offset: true, message: 'must be an RFC 3339 time' })
  .refine((text) => {
    const at = Date.parse(text);
    return at >= 0 && at <= END_OF_TIME && !/[+-](?:1[6-9]|2\d):\d\d$/.test(text);
  }, 'must be a real time from 1970 up to 2100');
const querySchema = z.strictObject({
  user: z.string().trim().min(1).max(254).refine(isStorable, 'must be plain text').optional(),
  userType: z.enum(['user', 'api_key', 'system']).optional(),
  type: z
    .union([z.enum(AUDIT_ACTIONS), z.array(z.enum(AUDIT_ACTIONS)).max(AUDIT_ACTIONS.length)])
    .optional()
    .transform((type) => (typeof type === 'string' ? [type] : type)),
  jobId: uuidSchema.optional(),
  from: time.optional(),
  to: time.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_ROWS).default(50),
  cursor: z.string().optional(),
  format: z.enum(['json', 'csv']).default('json'),
});

/**
 * GET /api/evidence, for OWNER and ADMIN, newest first: `user` (the id of a person or key, or a person's email
 * address), `userType`, `type` (repeats), `jobId`, `from`, `to` (half-open), `limit` ≤ 200, `cursor` → {data,
 * nextCursor}; a page of large rows ends early, at 8 MiB. `format=csv`: all matching rows as a file. This export is
 * recorded in the evidence.
 */
export function listEvidence(app: FastifyInstance, deps: BffDeps): void {
  app.get('/evidence', async (request, reply) => {
    const caller = await administratorOf(deps, request);
    const { format, limit, cursor, user, userType, ...wanted } = checked(
      querySchema,
      request.query,
    );
    const { companyId } = caller.member;
    const named = user === undefined ? undefined : await findPrincipals(deps.pool, companyId, user);
    const filter: EvidenceFilter = {
      companyId,
      ...wanted,
      principals: withType(named, userType),
    };
    if (format === 'csv') {
      if (request.method === 'GET') await recordExport(deps, caller, { user, userType, ...wanted });
      return streamEvidenceCsv(deps.pool, filter, reply);
    }
    const { rows, next } = await readEvidence(deps.pool, filter, {
      before: cursor === undefined ? undefined : decodeCursor(cursor),
      limit,
    });
    return {
      data: rows.map(evidenceJson),
      nextCursor: next === undefined ? null : encodeCursor(next),
    };
  });
}

/** Principals of the requested type; undefined: all principals. */
function withType(named: Principals | undefined, type: Principals['type']): Principals | undefined {
  if (type === undefined) return named;
  if (named === undefined) return { type, ids: undefined };
  return { type, ids: named.type === undefined || named.type === type ? named.ids : [] };
}

async function recordExport(
  deps: BffDeps,
  caller: Caller,
  filter: Readonly<Record<string, unknown>>,
): Promise<void> {
  await appendEvidence(deps.pool, {
    ...byMember(caller),
    action: 'EVIDENCE_EXPORTED',
    details: { format: 'csv', filter },
  });
}

function encodeCursor(id: string): string {
  return Buffer.from(`evidence ${id}`).toString('base64url');
}

function decodeCursor(cursor: string): string {
  const [kind, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  if (kind !== 'evidence' || id === undefined || !UUID.test(id)) {
    throw new Problem('INVALID_CURSOR', 'Use the unchanged nextCursor of a previous response.');
  }
  return id;
}
