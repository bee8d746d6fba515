import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../errors.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const cursorSchema = z.strictObject({ list: z.string(), after: z.string().regex(UUID) });

/**
 * Identifies the list that a cursor belongs to: the list's name, the tenant and every parameter except the page size. A
 * cursor from another list, filter or tenant is rejected instead of misread.
 */
export function listFingerprint(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

export function encodeCursor(list: string, after: string): string {
  return Buffer.from(JSON.stringify({ list, after })).toString('base64url');
}

/**
 * Returns the id after which the next page starts.
 * @throws Problem INVALID_CURSOR
 */
export function decodeCursor(list: string, cursor: string): string {
  const parsed = cursorSchema.safeParse(parse(cursor));
  if (parsed.success && parsed.data.list === list) return parsed.data.after;
  throw new Problem(
    'INVALID_CURSOR',
    'The cursor does not belong to this list and these filters. Start again without a cursor.',
    {
      errors: [{ path: 'cursor', message: 'is not valid for this list' }],
    },
  );
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
