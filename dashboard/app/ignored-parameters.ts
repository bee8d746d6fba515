import type * as z from 'zod/mini';
import { visibleText } from './format/visible-text.ts';

/** An address parameter that the page ignored, and the reason. */
export interface IgnoredParameter {
  readonly name: string;
  /** The value in the address, shortened. */
  readonly value: string;
  readonly reason: string;
  /** True if the parameter limits the list: without it the page shows more than the link asks for. */
  readonly limits: boolean;
}

export interface ParameterReader {
  readonly schema: z.ZodMiniType;
  /** Completes the sentence "It must be …". */
  readonly expects: string;
  /** Whether the parameter limits the list; paging and open dialogs do not. */
  readonly limits: boolean;
}

export type ParameterReaders = Readonly<Record<string, ParameterReader>>;

export interface ReadParameters {
  readonly read: Record<string, unknown>;
  readonly ignored: readonly IgnoredParameter[];
}

const SHOWN_CHARACTERS = 60;

/**
 * Reads the parameters of an address independently, so that a malformed one does not affect the others, and reports
 * each ignored one.
 * @param aliases other common names of a parameter, such as its name in the API
 */
export function readParameters(
  readers: ParameterReaders,
  search: Readonly<Record<string, unknown>>,
  aliases: Readonly<Record<string, string>> = {},
): ReadParameters {
  const read: Record<string, unknown> = {};
  const ignored: IgnoredParameter[] = [];
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined) continue;
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (reader === undefined) {
      ignored.push(ignoredParameter(name, value, unknownName(name, readers, aliases), true));
      continue;
    }
    const parsed = reader.schema.safeParse(value);
    if (parsed.success) read[name] = parsed.data;
    else ignored.push(ignoredParameter(name, value, badValue(value, reader), reader.limits));
  }
  return { read, ignored };
}

export function ignoredParameter(
  name: string,
  value: unknown,
  reason: string,
  limits: boolean,
): IgnoredParameter {
  const text = Array.isArray(value) ? value.map(String).join(', ') : String(value);
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return { name, value: shown, reason, limits };
}

/**
 * The ignored filters that must stay in the address when the page navigates to `next`, so that changing another
 * filter does not silently drop them. A parameter that `next` sets is resolved.
 * @param resolved other parameters that `next` replaces
 */
export function unresolvedParameters(
  address: Readonly<Record<string, unknown>>,
  ignored: readonly IgnoredParameter[],
  next: object,
  resolved: readonly string[] = [],
): Record<string, unknown> {
  const kept = ignored.filter(
    ({ name, limits }) => limits && !(name in next) && !resolved.includes(name),
  );
  return Object.fromEntries(kept.map(({ name }) => [name, address[name]]));
}

/** The reason to disable exports while a filter in the address is ignored; null if none is. */
export function exportBlocked(ignored: readonly IgnoredParameter[]): string | null {
  const names = ignored.filter(({ limits }) => limits).map(({ name }) => visibleText(name));
  if (names.length === 0) return null;
  return `Part of the address was ignored (${names.join(', ')}), so the export would contain more than the link asks for. Choose “Ignore and continue” first.`;
}

function badValue(value: unknown, { expects }: ParameterReader): string {
  if (value === '') return `It is empty. It must be ${expects}.`;
  return `It must be ${expects}.`;
}

function unknownName(
  name: string,
  readers: ParameterReaders,
  aliases: Readonly<Record<string, string>>,
): string {
  const meant = Object.hasOwn(aliases, name)
    ? aliases[name]
    : closestName(name, Object.keys(readers));
  const suggestion = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return `This parameter doesn't exist.${suggestion}`;
}

/** The known name within an edit distance of one or two, if any. */
function closestName(name: string, names: readonly string[]): string | undefined {
  const limit = name.length <= 4 ? 1 : 2;
  const distances = names
    .map((known) => ({ known, distance: editDistance(name.toLowerCase(), known.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance);
  return distances[0]?.known;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
