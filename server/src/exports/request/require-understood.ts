import { Problem } from '../../errors.ts';
import { COMPRESSIONS } from '../formats/compression.ts';
import { EXPORT_FORMATS } from '../formats/format.ts';
import { unknownFilterParts } from './unknown-filters.ts';

interface Stored {
  /** Name in messages: "saved view". */
  readonly noun: string;
  readonly filters: unknown;
  readonly format?: string | undefined;
  readonly compression?: string | undefined;
}

/**
 * Required before a stored query is used: a newer version of Exhibit may have stored conditions that this API process
 * does not know, and without them more events would match than the author intended.
 * @throws Problem NEWER_VERSION, which lists the parts
 */
export function requireUnderstood({ noun, filters, format, compression }: Stored): void {
  const parts = unknownFilterParts(filters).map((path) => (path === '' ? 'the filters' : path));
  if (format !== undefined && !isOneOf(EXPORT_FORMATS, format)) parts.push(`format ${format}`);
  if (compression !== undefined && !isOneOf(COMPRESSIONS, compression))
    parts.push(`compression ${compression}`);
  if (parts.length === 0) return;
  throw new Problem(
    'NEWER_VERSION',
    `This ${noun} was stored by a newer version of Exhibit and holds something this one does not know: ${parts.join(', ').slice(0, 300)}. Try again when every server has been updated.`,
  );
}

function isOneOf(known: readonly string[], value: string): boolean {
  return known.includes(value);
}
