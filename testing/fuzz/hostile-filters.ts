import * as fc from 'fast-check';
import { FILTER_FIELDS } from '../../contract/filter-fields.ts';
import { formatMetadataPath } from '../../contract/metadata-path.ts';
import { ADDRESSES, metadataKey, timestamp } from './hostile-events.ts';
import { hostileText } from './hostile-text.ts';

const RANGES = ['10.0.0.0/8', '10.0.0.1/32', '0.0.0.0/0', '::/0', '2001:db8::/32', '::ffff:0:0/96'];

/**
 * Filters as a caller writes them, for every field of EventQuery. Most use texts of the events, parts of them or
 * another case, so that many filters find events; the others use any text.
 */
export function hostileFilters(
  pool: readonly string[],
  workspaceIds: readonly string[],
  receipts: { readonly apiKeyIds: readonly string[]; readonly times: readonly string[] },
): fc.Arbitrary<Record<string, unknown>> {
  const known = fc.constantFrom(...pool.filter(isValue));
  const word = fc.oneof(
    { weight: 6, arbitrary: known },
    { weight: 1, arbitrary: known.map((one) => one.toUpperCase()) },
    { weight: 1, arbitrary: known.map((one) => one.normalize('NFD')) },
    { weight: 2, arbitrary: hostileText(256, 1).filter(isValue) },
  );
  const part = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(known, fc.nat(6), fc.nat(3)).map(slice).filter(isValue) },
    { weight: 2, arbitrary: word },
  );
  const address = fc.oneof(
    word.filter((one) => !one.includes('/')),
    fc.constantFrom(...ADDRESSES, ...RANGES),
  );
  const fields = FILTER_FIELDS.filter(({ values }) => values !== 'workspace');
  const lists = fields.map(({ field: list, single, values: kind }) => {
    const text = kind === 'ip' ? address : word;
    const values = fc.oneof(
      { weight: 4, arbitrary: fc.array(text, { minLength: 8, maxLength: 30 }) },
      { weight: 1, arbitrary: fc.array(text, { minLength: 1, maxLength: 3 }) },
    );
    return fc.oneof(
      { weight: 4, arbitrary: fc.record({ [list]: values }) },
      { weight: 1, arbitrary: fc.record({ [single]: text }) },
    );
  });
  const condition = fc.oneof(
    fc.record({ path: path(known), op: fc.constant('exists') }),
    fc.record({ path: path(known), op: fc.constantFrom('eq', 'contains'), value: scalar(part) }),
  );
  const others: fc.Arbitrary<Record<string, unknown>>[] = [
    fc.record({ search: part }),
    fc.record({ search: part }),
    fc.record({ metadata: fc.array(condition, { minLength: 1, maxLength: 2 }) }),
    fc.record({ metadata: fc.array(condition, { minLength: 1, maxLength: 1 }) }),
    fc.record({ from: bound() }),
    fc.record({ to: bound() }),
    fc.record({ apiKeyIds: fc.subarray([...receipts.apiKeyIds], { minLength: 1 }) }),
    fc.record({ receivedFrom: fc.constantFrom(...receipts.times) }),
    fc.record({ receivedTo: fc.constantFrom(...receipts.times) }),
    fc.record({ workspaceIds: fc.subarray([...workspaceIds], { minLength: 1 }) }),
  ];
  return fc
    .array(fc.oneof(...lists, ...others), { minLength: 1, maxLength: 3 })
    .map((fields) => Object.assign({}, ...fields) as Record<string, unknown>);
}

/** Excludes blank text, which is rejected before any SQL is executed. */
function isValue(text: string): boolean {
  return text.trim() !== '';
}

function slice([text, from, length]: [string, number, number]): string {
  return Array.from(text)
    .slice(from, from + length + 1)
    .join('');
}

function path(known: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const segment = fc.oneof(
    { weight: 6, arbitrary: metadataKey(known) },
    { weight: 1, arbitrary: fc.constantFrom('2', '+1', ' 0', '01', '1a', '99999999999') },
  );
  return fc
    .record({
      segments: fc.array(segment, { minLength: 1, maxLength: 3 }),
      maybeInMember: fc.boolean(),
    })
    .map(formatMetadataPath)
    .filter((text) => Array.from(text).length <= 256);
}

function scalar(text: fc.Arbitrary<string>): fc.Arbitrary<string | number | boolean> {
  return fc.oneof(
    { weight: 4, arbitrary: text },
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(0.5, 1e-7, -0, 9_007_199_254_740_991, '0.50', '5e-1', '-0.0', '1E+0'),
    fc.boolean(),
  );
}

/** The same instants in other notations, because a filter depends only on the instant. */
function bound(): fc.Arbitrary<string> {
  return timestamp().chain((time) =>
    fc.constantFrom(time, time.replace('T12:', 'T14:').replace('Z', '+02:00')),
  );
}
