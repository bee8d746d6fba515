import { z } from 'zod';
import { formatMicros, parseTimestamp } from '../ingest/timestamp.ts';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)$/i;

/** 2100-01-01T00:00:00Z, the exclusive end of all time ranges: events must be earlier, bounds may be equal to it. */
const END_OF_TIME_MICROS = Date.UTC(2100, 0, 1) * 1000;

/**
 * A bound of a time range: RFC 3339 with `Z` or an offset in, canonical UTC out (`2026-05-14T12:00:00Z`,
 * `2026-05-14T12:00:00.25Z`). A bound finer than a microsecond is rejected instead of truncated: the index holds
 * microseconds and could not apply it exactly.
 */
export const queryTime = z.string().transform((text, context) => {
  const shape = RFC_3339.exec(text);
  if (shape === null) return refuse(context, notRfc3339(text));
  if ((shape[1]?.length ?? 0) > 6) return refuse(context, 'must not be finer than microseconds');
  const micros = microsOfBound(text);
  if (micros === undefined) {
    return refuse(context, 'must be a real time from 1970-01-01 up to 2100-01-01T00:00:00Z');
  }
  return formatMicros(micros);
});

/** Microseconds since 1970 of a canonical time, for comparisons: comparing texts is wrong for fractions. */
export function microsOf(canonicalTime: string): number {
  const micros = microsOfBound(canonicalTime);
  if (micros === undefined) throw new TypeError(`Not a canonical time: ${canonicalTime}`);
  return micros;
}

function microsOfBound(text: string): number | undefined {
  const parsed = parseTimestamp(text);
  if (parsed !== undefined) return parsed.micros;
  return isEndOfTime(text) ? END_OF_TIME_MICROS : undefined;
}

// parseTimestamp accepts only event times, which are before 2100; that end itself is a valid `to`.
function isEndOfTime(text: string): boolean {
  const noFraction = !/\.\d*[1-9]/.test(text);
  const noHour24 = !/T24/i.test(text);
  return noFraction && noHour24 && Date.parse(text.toUpperCase()) * 1000 === END_OF_TIME_MICROS;
}

function notRfc3339(text: string): string {
  const message = 'must be a time like 2026-05-14T12:00:00Z or 2026-05-14T14:00:00+02:00';
  // A form decoder turns the plus of an offset into a space.
  return / \d\d:\d\d$/.test(text) ? `${message} (in a URL write + as %2B)` : message;
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
