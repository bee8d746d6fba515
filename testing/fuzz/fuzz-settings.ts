import { repeated } from '../repeats.ts';
/**
 * The number of cases of a property test: `bounded` in `npm test`, ten times as many in the nightly run, or the value
 * given to `npm run fuzz`.
 * The seed is fixed unless given, so that failures are reproducible and longer runs can use other seeds.
 */
export function fuzzSettings(bounded: number): { cases: number; seed: number } {
  return {
    cases: fromEnvironment('FUZZ_CASES', repeated(bounded)),
    seed: fromEnvironment('FUZZ_SEED', 1),
  };
}

function fromEnvironment(name: string, otherwise: number): number {
  const text = process.env[name] ?? '';
  if (text === '') return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`${name} must be a whole number`);
  return Number(text);
}
