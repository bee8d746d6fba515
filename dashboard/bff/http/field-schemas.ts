import { z } from 'zod';
import { nameFault } from './name-fault.ts';

/** True without NUL, which PostgreSQL cannot store, and lone surrogates, which UTF-8 cannot encode. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** One line without invisible characters, trimmed, 1–`maxCharacters` characters, in Unicode normal form C. */
export const nameSchema = (maxCharacters: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(maxCharacters, `must have at most ${maxCharacters} characters`)
    .superRefine((name, context) => {
      const message = nameFault(name);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .transform((name) => name.normalize('NFC'));

export const uuidSchema = z.guid().transform((id) => id.toLowerCase());

export const emailSchema = z
  .string()
  .trim()
  .max(254)
  .transform((text) => text.toLowerCase())
  .pipe(z.email('must be an email address'));

export const passwordSchema = z
  .string()
  .min(10, 'must have at least 10 characters')
  .max(128, 'must have at most 128 characters')
  .refine(isStorable, 'must be plain text');
