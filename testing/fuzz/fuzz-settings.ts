import { repeated } from '../repeats.ts';
/**
 * How much a property test tries: `bounded` inside `npm test`, ten times that every night, what `npm run fuzz` asked for otherwise.
 * The seed is fixed unless given, so that a failure repeats and a longer run can try others.
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
