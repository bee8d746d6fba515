import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { administratorOf } from '../auth/caller.ts';
import type { BffDeps } from '../bff-deps.ts';
import { provisionSoon } from '../companies/provision-company.ts';
import { requireRoom } from '../companies/require-room.ts';
import { errorCode, inTransaction, UNIQUE_VIOLATION } from '../database.ts';
import { Problem } from '../errors.ts';
import { appendEvidence, byMember } from '../evidence/append-evidence.ts';
import { nameSchema, uuidSchema } from '../http/field-schemas.ts';
import { checked, jsonBody } from '../http/json-body.ts';
import { labelWorkspaces } from '../members/describe-member.ts';
import { uuidV7 } from '../uuid.ts';

const bodySchema = z.strictObject({ name: nameSchema(200) });

/**
 * POST /api/workspaces {name} → 201, PATCH /api/workspaces/:workspaceId {name} → 200, both {id, name, state}.
 * Commits here first; `state` is `pending` until the region is provisioned, and then `ready`.
 */
export function saveWorkspace(app: FastifyInstance, deps: BffDeps): void {
  app.post('/workspaces', async (request, reply) => {
    const caller = await administratorOf(deps, request);
    const { name } = jsonBody(request, bodySchema);
    const { companyId } = caller.member;
    const id = uuidV7();
    await inTransaction(deps.pool, async (client) => {
      const revision = await nextRevision(client, companyId);
      requireRoom('workspaces', await countWorkspaces(client, companyId), deps.settings.quotas);
      await client
        .query(
          'INSERT INTO workspaces (company_id, workspace_id, name, revision) VALUES ($1, $2, $3, $4)',
          [companyId, id, name, revision],
        )
        .catch(nameTaken);
      await appendEvidence(client, {
        ...byMember(caller),
        action: 'WORKSPACE_CREATED',
        subjectId: id,
        details: { name },
      });
    });
    const ready = await provisionSoon(deps, companyId);
    return reply.code(201).send({ id, name, state: ready ? 'ready' : 'pending' });
  });

  app.patch<{ Params: { workspaceId: string } }>('/workspaces/:workspaceId', async (request) => {
    const caller = await administratorOf(deps, request);
    const { name } = jsonBody(request, bodySchema);
    const id = checked(uuidSchema, request.params.workspaceId);
    const { companyId } = caller.member;
    await inTransaction(deps.pool, async (client) => {
      await nextRevision(client, companyId);
      // The company is locked: no other request renames it between these statements.
      const [before] = await labelWorkspaces(client, companyId, [id]);
      if (before === undefined) throw new Problem('NOT_FOUND', 'This workspace does not exist.');
      await client
        .query('UPDATE workspaces SET name = $3 WHERE company_id = $1 AND workspace_id = $2', [
          companyId,
          id,
          name,
        ])
        .catch(nameTaken);
      await appendEvidence(client, {
        ...byMember(caller),
        action: 'WORKSPACE_RENAMED',
        subjectId: id,
        details: { name, changes: { name: { before: before.name, after: name } } },
      });
    });
    const ready = await provisionSoon(deps, companyId);
    return { id, name, state: ready ? 'ready' : 'pending' };
  });
}

/** Also locks the company for changes. */
async function nextRevision(client: pg.PoolClient, companyId: string): Promise<number> {
  const { rows } = await client.query<{ revision: number }>(
    'UPDATE companies SET revision = revision + 1 WHERE company_id = $1 RETURNING revision',
    [companyId],
  );
  return rows[0]?.revision ?? 0;
}

async function countWorkspaces(client: pg.PoolClient, companyId: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'SELECT count(*) AS count FROM workspaces WHERE company_id = $1',
    [companyId],
  );
  return rows[0]?.count ?? 0;
}

function nameTaken(error: unknown): never {
  if (errorCode(error) !== UNIQUE_VIOLATION) throw error;
  throw new Problem('NAME_TAKEN', 'A workspace with this name already exists.', { cause: error });
}
