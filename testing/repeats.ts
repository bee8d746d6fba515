/**
 * Factor for the repetitions and cases of tests: `EXHIBIT_TEST_REPEATS`, 1 by default. `npm run test:nightly` uses 10.
 */
const REPEATS = readRepeats(process.env['EXHIBIT_TEST_REPEATS']);

/** @throws Error when the value is not a whole number from 1 to 1,000 */
export function readRepeats(value: string | undefined): number {
  if (value === undefined || value === '') return 1;
  if (/^[1-9]\d{0,2}$|^1000$/.test(value)) return Number(value);
  throw new Error(`EXHIBIT_TEST_REPEATS must be a whole number from 1 to 1000, not "${value}".`);
}

/** Times the repeat factor: how many cases a property test tries, of which `cases` are enough for every push. */
export function repeated(cases: number): number {
  return cases * REPEATS;
}
