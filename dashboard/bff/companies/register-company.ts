import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { z } from 'zod';
import { inTransaction, openPool, type Queryable } from '../database.ts';
import { Problem } from '../errors.ts';
import { appendEvidence } from '../evidence/append-evidence.ts';
import { emailSchema, nameSchema } from '../http/field-schemas.ts';
import { checked } from '../http/json-body.ts';
import { createInvitation, type Invitation } from '../invitations/create-invitation.ts';
import { lockCompany } from '../members/lock-company.ts';
import { uuidV7 } from '../uuid.ts';
import { createCompany } from './create-company.ts';

/** The operator, in evidence and invitations: not a user, but someone with access to the database. */
const OPERATOR = {
  actor: { type: 'system', id: 'operator', label: 'command line' },
  origin: { requestId: null, ip: null, userAgent: null },
} as const;
const NOBODY = '00000000-0000-0000-0000-000000000000';
/** Two registrations of the same name at the same time must not both create a company. */
const REGISTER_LOCK = 4_610_002;
const POLL_MS = 100;

interface RegisterOptions {
  readonly databaseUrl: string;
  /** The dashboard's URL for browsers, without a trailing slash. */
  readonly publicUrl: string;
  readonly regions: readonly string[];
  /** Maximum wait for a running dashboard to provision the region. */
  readonly waitMs: number;
}

interface Wanted {
  readonly name: string;
  readonly region: string;
  readonly ownerEmail: string;
  readonly workspaces: readonly string[];
}

export interface RegisteredCompany {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** `pending`: not provisioned in its region yet; dashboards keep trying. */
  readonly state: 'ready' | 'pending';
  readonly invitation: Invitation;
}

/**
 * Creates a company with an invitation for its owner, for the operator of an installation. Until someone has joined, a
 * repeated call creates a new link for the same company and revokes the old links.
 * @throws Problem VALIDATION_FAILED, NAME_TAKEN, EMAIL_TAKEN
 */
export async function registerCompany(
  options: RegisterOptions,
  given: Wanted,
): Promise<RegisteredCompany> {
  const wanted = checked(
    z.object({
      name: nameSchema(200),
      region: z.enum(options.regions),
      ownerEmail: emailSchema,
      workspaces: z.array(nameSchema(200)).min(1),
    }),
    given,
  );
  const pool = openPool(options.databaseUrl);
  try {
    const made = await inTransaction(pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [REGISTER_LOCK]);
      await refuseTakenEmail(client, wanted.ownerEmail);
      const id = (await unjoinedCompany(client, wanted)) ?? (await insertCompany(client, wanted));
      const invitation = await createInvitation(client, options.publicUrl, {
        ...OPERATOR,
        companyId: id,
        email: wanted.ownerEmail,
        role: 'OWNER',
        workspaceIds: [],
        invitedBy: NOBODY,
      });
      return { id, invitation };
    });
    const ready = await isReadyWithin(pool, made.id, options.waitMs);
    const { name, region } = wanted;
    return { ...made, name, region, state: ready ? 'ready' : 'pending' };
  } finally {
    await pool.end();
  }
}

async function refuseTakenEmail(db: Queryable, email: string): Promise<void> {
  const { rowCount } = await db.query('SELECT FROM "user" WHERE email = $1', [email]);
  if (rowCount === 0) return;
  throw new Problem(
    'EMAIL_TAKEN',
    `${email} has an account; a person belongs to one company. Use another address.`,
  );
}

/**
 * Returns the company of that name if it has no members yet, and revokes its open invitations.
 * @throws Problem NAME_TAKEN if it has members or is in another region
 */
async function unjoinedCompany(
  db: pg.PoolClient,
  { name, region }: Pick<Wanted, 'name' | 'region'>,
): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string; region: string }>(
    'SELECT company_id AS id, region FROM companies WHERE lower(name) = lower($1)',
    [name],
  );
  const [found] = rows;
  if (found === undefined) return undefined;
  // No one can join in the meantime: accepting an invitation takes the same lock.
  await lockCompany(db, found.id);
  const joined = await db.query('SELECT FROM members WHERE company_id = $1 LIMIT 1', [found.id]);
  if (joined.rowCount !== 0 || found.region !== region || rows.length > 1) {
    throw new Problem(
      'NAME_TAKEN',
      `A company with this name already exists: ${found.id} in ${found.region}.`,
    );
  }
  const revoked = await db.query<{ id: string; email: string; role: string }>(
    'DELETE FROM invitations WHERE company_id = $1 AND accepted_at IS NULL RETURNING invitation_id AS id, email, role',
    [found.id],
  );
  for (const { id, email, role } of revoked.rows) {
    await appendEvidence(db, {
      ...OPERATOR,
      companyId: found.id,
      action: 'MEMBER_INVITATION_REVOKED',
      subjectId: id,
      details: { email, role },
    });
  }
  return found.id;
}

async function insertCompany(db: Queryable, { name, region, workspaces }: Wanted): Promise<string> {
  const id = uuidV7();
  const made = workspaces.map((workspace) => ({ id: uuidV7(), name: workspace }));
  await createCompany(db, { id, name, region, workspaces: made });
  await appendEvidence(db, {
    ...OPERATOR,
    companyId: id,
    action: 'COMPANY_CREATED',
    subjectId: id,
    details: { name, region },
  });
  return id;
}

/** Whether the region has confirmed the company. This only checks; the dashboards' loop provisions it. */
async function isReadyWithin(db: Queryable, companyId: string, waitMs: number): Promise<boolean> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const { rows } = await db.query<{ ready: boolean; served: boolean }>(
      `SELECT c.provisioned_revision >= c.revision AS ready,
              EXISTS (SELECT FROM dashboard_processes
                       WHERE seen_at > clock_timestamp() - interval '20 seconds') AS served
         FROM companies c WHERE c.company_id = $1`,
      [companyId],
    );
    if (rows[0]?.ready === true) return true;
    if (rows[0]?.served !== true || Date.now() >= deadline) return false;
    await wait(POLL_MS);
  }
}
