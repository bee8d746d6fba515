import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { BffDeps } from '../bff-deps.ts';
import { createCompany } from '../companies/create-company.ts';
import { provisionSoon } from '../companies/provision-company.ts';
import { inTransaction, type Queryable } from '../database.ts';
import { Problem } from '../errors.ts';
import { appendEvidence, byMember } from '../evidence/append-evidence.ts';
import { emailSchema, nameSchema, passwordSchema } from '../http/field-schemas.ts';
import { checked, jsonBody } from '../http/json-body.ts';
import { OPEN_DOOR } from '../http/require-session-before-body.ts';
import { uuidV7 } from '../uuid.ts';
import { originOf } from './caller.ts';
import { insertUser } from './insert-user.ts';
import { findMember } from './member.ts';
import { startSession } from './sign-in.ts';

const bodySchema = z.object({
  email: emailSchema,
  password: passwordSchema,
  name: nameSchema(120),
  companyName: nameSchema(200),
  region: z.string().optional(),
  workspaceName: nameSchema(200).default('Production'),
});

/** Any constant: of two sign-ups at the same time, only one may be the first. */
const FIRST_SIGN_UP_LOCK = 4_610_001;

/**
 * GET /api/installation → {empty, regions}: `empty` if the first owner has not signed up yet.
 * POST /api/auth/sign-up/email {email, password, name, companyName, region?, workspaceName?} → 201 {user} and the
 * cookie: the first owner of an empty installation, with a company. All other people are invited.
 */
export function signUp(app: FastifyInstance, deps: BffDeps): void {
  const { regions } = deps.settings;
  app.get('/installation', async () => ({ empty: await isEmpty(deps.pool), regions }));

  app.post('/auth/sign-up/email', OPEN_DOOR, async (request, reply) => {
    const body = jsonBody(request, bodySchema);
    const region = checked(z.enum(regions), body.region ?? regions[0]);
    const companyId = await inTransaction(deps.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [FIRST_SIGN_UP_LOCK]);
      if (!(await isEmpty(client))) {
        throw new Problem(
          'ALREADY_SET_UP',
          'This installation already has an owner. Ask them for an invitation.',
        );
      }
      const userId = await insertUser(client, body);
      const workspaces = [{ id: uuidV7(), name: body.workspaceName }];
      const company = { id: uuidV7(), name: body.companyName, region, workspaces };
      await createCompany(client, company);
      await client.query(
        `INSERT INTO members (company_id, user_id, role) VALUES ($1, $2, 'OWNER')`,
        [company.id, userId],
      );
      const owner = await findMember(client, userId);
      if (owner === undefined) throw new Error('the owner that was just created is missing');
      await appendEvidence(client, {
        ...byMember({ member: owner, origin: originOf(request) }),
        action: 'COMPANY_CREATED',
        subjectId: company.id,
        details: { name: company.name, region },
      });
      return company.id;
    });
    await provisionSoon(deps, companyId);
    reply.code(201);
    return startSession(deps, request, reply, { ...body, rememberMe: true });
  });
}

async function isEmpty(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query('SELECT FROM "user" LIMIT 1');
  return rowCount === 0;
}
