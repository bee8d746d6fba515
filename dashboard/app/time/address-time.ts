import * as z from 'zod/mini';

const END_OF_TIME = Date.UTC(2100, 0, 1);
const DAY_MS = 86_400_000;

const instant = z.iso.datetime({ offset: true }).check(
  z.refine((value) => {
    const at = Date.parse(value);
    return at >= 0 && at <= END_OF_TIME && !/\.\d{7}/.test(value);
  }),
);
const day = z.iso.date().check(z.refine((value) => value >= '1970' && value < '2100'));
/** A date without a time means its start in UTC. */
export const startTime = z.union([
  instant,
  z.pipe(
    day,
    z.transform((date: string) => `${date}T00:00:00Z`),
  ),
]);
/**
 * An end date without a time includes the whole day, as in the range picker: the end is the start of the next day in
 * UTC.
 */
export const endTime = z.union([
  instant,
  z.pipe(
    day,
    z.transform((date: string) => dayAfter(date)),
  ),
]);

function dayAfter(date: string): string {
  const next = new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS);
  return `${next.toISOString().slice(0, 10)}T00:00:00Z`;
}
