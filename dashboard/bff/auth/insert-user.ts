import { hashPassword } from 'better-auth/crypto';
import { errorCode, type Queryable, UNIQUE_VIOLATION } from '../database.ts';
import { Problem } from '../errors.ts';
import { uuidV7 } from '../uuid.ts';

export interface NewUser {
  /** Lower case. */
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/**
 * Creates an account for sign-in with email and password. Call it in the transaction that creates the membership.
 * Hashing takes about 0.1 s.
 * @throws Problem EMAIL_TAKEN
 */
export async function insertUser(db: Queryable, user: NewUser): Promise<string> {
  const id = uuidV7();
  const hash = await hashPassword(user.password);
  try {
    await db.query(
      `INSERT INTO "user" (id, name, email, "emailVerified") VALUES ($1, $2, $3, false)`,
      [id, user.name, user.email],
    );
  } catch (error) {
    if (errorCode(error) !== UNIQUE_VIOLATION) throw error;
    throw new Problem('EMAIL_TAKEN', 'An account with this email address already exists.', {
      cause: error,
    });
  }
  await db.query(
    `INSERT INTO account (id, "accountId", "providerId", "userId", password, "updatedAt")
     VALUES ($1, $2, 'credential', $3, $4, now())`,
    [uuidV7(), id, id, hash],
  );
  return id;
}
