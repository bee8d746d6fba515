import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Cut } from '../../../events/query/event-filter.ts';
import { validationProblem } from '../../../events/query/validation-problem.ts';

const COMPANY_BYTES = 8;
const UUID_BYTES = 16;
/** Event numbers up to 2^48. */
const SEQ_BYTES = 6;
const ENTRY_BYTES = UUID_BYTES + SEQ_BYTES;
/** Larger than the token of a company with the maximum number of workspaces. */
const MAX_LENGTH = 256 * 1024;

export const asOfParameter = z
  .string('must be sent once')
  .max(MAX_LENGTH, 'is not a bound that this list gave')
  .optional();

/**
 * Encodes the bound of a list as an opaque token: the company, and the highest event number of each workspace that has
 * events. The token grants no access: a request is limited to its own scope first, and a forged token can only hide
 * events from the client that forged it.
 */
export function encodeAsOf(companyId: string, cut: Cut): string {
  const entries = Object.entries(cut).filter(([, seq]) => seq > 0);
  const bytes = Buffer.alloc(COMPANY_BYTES + entries.length * ENTRY_BYTES);
  companyDigest(companyId).copy(bytes);
  entries.forEach(([workspaceId, seq], index) => {
    const at = COMPANY_BYTES + index * ENTRY_BYTES;
    bytes.write(workspaceId.replaceAll('-', ''), at, 'hex');
    bytes.writeUIntBE(seq, at + UUID_BYTES, SEQ_BYTES);
  });
  return bytes.toString('base64url');
}

/** @throws Problem VALIDATION_FAILED for a text that is not a token of this company */
export function decodeAsOf(companyId: string, text: string): Cut {
  const bytes = Buffer.from(text, 'base64url');
  const entries = (bytes.length - COMPANY_BYTES) / ENTRY_BYTES;
  const isOurs =
    Number.isInteger(entries) &&
    entries >= 0 &&
    bytes.toString('base64url') === text &&
    bytes.subarray(0, COMPANY_BYTES).equals(companyDigest(companyId));
  if (!isOurs) {
    const message = 'is not a bound that this list gave; request the first page without it';
    throw validationProblem([{ path: 'asOf', message }]);
  }
  const cut: Record<string, number> = {};
  for (let at = COMPANY_BYTES; at < bytes.length; at += ENTRY_BYTES)
    cut[uuidAt(bytes, at)] = bytes.readUIntBE(at + UUID_BYTES, SEQ_BYTES);
  return cut;
}

function companyDigest(companyId: string): Buffer {
  return createHash('sha256').update(`asOf ${companyId}`).digest().subarray(0, COMPANY_BYTES);
}

function uuidAt(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex', at, at + UUID_BYTES);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
