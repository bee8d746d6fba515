import { openPool, type Queryable } from '../database.ts';
import { Problem } from '../errors.ts';

/** For the command line: like refuseNamesake, with its own connection. @throws Problem VALIDATION_FAILED */
export async function refuseNameOfMember(
  databaseUrl: string,
  companyId: string,
  name: string,
): Promise<void> {
  const pool = openPool(databaseUrl);
  try {
    await refuseNamesake(pool, companyId, name);
  } finally {
    await pool.end();
  }
}

/**
 * Rejects a name for an API key that equals the email address or name of a member, or the address of an open invitation.
 * Case and Unicode normalisation are ignored.
 * @throws Problem VALIDATION_FAILED
 */
export async function refuseNamesake(
  db: Queryable,
  companyId: string,
  name: string,
): Promise<void> {
  const { rowCount } = await db.query(
    `SELECT FROM members m JOIN "user" u ON u.id = m.user_id
      WHERE m.company_id = $1
        AND lower(normalize($2::text, NFC)) IN (lower(normalize(u.email, NFC)), lower(normalize(btrim(u.name), NFC)))
     UNION ALL
     SELECT FROM invitations
      WHERE company_id = $1 AND accepted_at IS NULL AND expires_at > now() AND email = lower(normalize($2::text, NFC))
     LIMIT 1`,
    [companyId, name.trim()],
  );
  if (rowCount === 0) return;
  const message =
    'is the name or email address of a member; name the key after the program that uses it';
  throw new Problem('VALIDATION_FAILED', `name: ${message}.`, {
    errors: [{ path: 'name', message }],
  });
}
