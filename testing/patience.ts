/**
 * How much longer than usual tests wait before they fail: `EXHIBIT_TEST_PATIENCE`, 1 by default. On a machine that
 * is slow or busy, 4 keeps a test from failing only because its deadline passed. It changes no result: a test that
 * passes takes as long as before.
 */
const PATIENCE = readPatience(process.env['EXHIBIT_TEST_PATIENCE']);

/** @throws Error when the value is not a number from 1 to 100 */
export function readPatience(value: string | undefined): number {
  if (value === undefined || value === '') return 1;
  const factor = Number(value);
  if (factor >= 1 && factor <= 100) return factor;
  throw new Error(`EXHIBIT_TEST_PATIENCE must be a number from 1 to 100, not "${value}".`);
}

/**
 * A deadline of a test, in milliseconds, on an idle machine. Every deadline in a test goes through this function,
 * except where the duration itself is under test.
 */
export function patient(ms: number): number {
  return Math.round(ms * PATIENCE);
}
