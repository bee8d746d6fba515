import * as fc from 'fast-check';
import type { SentEvent } from './filter-oracle.ts';
import { hostileText } from './hostile-text.ts';

/** 2026-05-14T12:00:00Z. The events of a set are in the following minutes. */
const START_MS = Date.UTC(2026, 4, 14, 12);

type Metadata = NonNullable<SentEvent['metadata']>;

/** Events that use a small set of texts, so that filters with the same texts find some. */
export function hostileEvents(pool: readonly string[]): fc.Arbitrary<SentEvent & Sent> {
  const text = fc.constantFrom(...pool);
  const name = fc.constantFrom(...pool.filter((one) => one.trim() !== ''));
  return fc.record(
    {
      timestamp: timestamp(),
      category: name,
      action: name,
      projectId: name,
      actor: fc.record({ id: text, email: text, role: text }, { requiredKeys: [] }),
      resource: fc.record({ type: text, id: text }, { requiredKeys: [] }),
      traceId: text,
      ipAddress: fc.oneof(text, fc.constantFrom(...ADDRESSES)),
      userAgent: text,
      geo: fc.oneof(text, fc.record({ city: text })),
      tags: fc.array(text, { maxLength: 4 }),
      metadata: metadata(text),
    },
    { requiredKeys: ['timestamp', 'category', 'action'] },
  );
}

interface Sent {
  readonly timestamp: string;
  readonly userAgent?: string;
  readonly geo?: string | { readonly city: string };
}

/** The same addresses in different notations, and invalid ones, for which a cast must not fail. */
export const ADDRESSES = [
  '10.0.0.1',
  '10.1.2.3',
  '010.0.0.1',
  '10.0.0.256',
  '10.0.0.1/8',
  '::ffff:10.0.0.1',
  '::FFFF:0A00:0001',
  '0:0:0:0:0:ffff:10.0.0.1',
  '2001:db8::1',
  '2001:0DB8:0:0:0:0:0:1',
  '2001:db8::1:0:0:1',
  '2001:db8::1::1',
  '1:2:3:4:5:6:7::',
  '1:2:3:4:5:6:7:8:9',
  '1::10.0.0.1',
  '::',
  '::1',
  ':::',
  'fe80::1%eth0',
  '[::1]:443',
  '12345::',
  '::g',
] as const;

/** Texts for a set of events, including special characters of PostgreSQL's patterns. */
export const textPool = fc.array(hostileText(12), { minLength: 60, maxLength: 60 });

/** A time from a small set of microseconds, so that bounds are equal to, before and after event times. */
export function timestamp(): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(3), fc.constantFrom('', '.0', '.000001', '.25', '.999999', '.5'))
    .map(([minute, fraction]) =>
      new Date(START_MS + minute * 60_000).toISOString().replace('.000Z', `${fraction}Z`),
    );
}

function metadata(text: fc.Arbitrary<string>): fc.Arbitrary<Metadata> {
  const { value } = fc.letrec<{ value: Metadata[string] }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(
        text,
        fc.constantFrom('1', 'true', 'null', '', '1e400'),
        fc.integer({ min: -3, max: 3 }),
        fc.constantFrom(0.5, 1e21, 1e-7, 9_007_199_254_740_991),
        fc.boolean(),
        fc.constant(null),
      ),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(metadataKey(text), tie('value'), { maxKeys: 3 }),
    ),
  }));
  return fc.dictionary(metadataKey(text), value, { maxKeys: 4 });
}

export function metadataKey(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(fc.constantFrom('a', 'b', '0', '1', 'constructor', '"', "'", '{', ','), text);
}
