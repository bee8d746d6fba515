import { type RawBuilder, sql } from '../../regions/sql.ts';
import { inetOf } from './ip-range.ts';

const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const IPV4 = `${OCTET}(\\.${OCTET}){3}`;
const GROUP = '[0-9a-f]{1,4}';

/** An address with `::` after this many groups; an IPv4 address may replace its last two groups. */
function compressed(before: number): string {
  const head = before === 0 ? ':' : `(${GROUP}:){${before}}`;
  const groups = (from: number, to: number) => (to === 0 ? '' : `(:${GROUP}){${from},${to}}`);
  const tails = [
    ':',
    ...(before < 7 ? [groups(1, 7 - before)] : []),
    ...(before < 6 ? [`${groups(0, 5 - before)}:${IPV4}`] : []),
  ];
  return `${head}(${tails.join('|')})`;
}

const IPV6 = [
  `(${GROUP}:){7}${GROUP}`,
  `(${GROUP}:){6}${IPV4}`,
  ...Array.from({ length: 8 }, (_, before) => compressed(before)),
].join('|');

/**
 * Events from any of these canonical addresses, ranges and other texts. `ip_address` is arbitrary text, and a failing
 * cast would fail a whole export. CASE therefore casts only texts that match these expressions.
 */
export function ipFilter(values: readonly string[]): RawBuilder<unknown> {
  const ranges = values.map(inetOf).filter((range) => range !== undefined);
  const sameText = sql`ip_address = ANY(${[...values]}::text[])`;
  if (ranges.length === 0) return sameText;
  const all = ranges.map(({ inet }) => inet);
  const ipv4 = ranges.filter(({ isIpv4 }) => isIpv4).map(({ inet }) => inet);
  // One IPv4 address has one dotted spelling, which `sameText` compares: casting every row takes twice as long.
  const dotted = ipv4.some((inet) => inet.includes('/'))
    ? sql`WHEN ip_address ~ ${`^${IPV4}$`}::text THEN ('::ffff:' || ip_address)::inet <<= ANY(${ipv4}::inet[])`
    : sql``;
  return sql`(${sameText} OR CASE ${dotted}
    WHEN strpos(ip_address, ':') = 0 THEN false
    WHEN ip_address ~* ${`^(${IPV6})$`}::text THEN ip_address::inet <<= ANY(${all}::inet[])
    ELSE false END)`;
}
