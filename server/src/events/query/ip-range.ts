import { isIPv4, isIPv6 } from 'node:net';

const IPV4_BITS = 32;
const IPV6_BITS = 128;
/** IPv4 addresses are mapped to ::ffff:0:0/96 in IPv6. */
const MAPPED_BITS = IPV6_BITS - IPV4_BITS;

/** A text that looks like a range and is not valid: `10.0.0.0/33`, `10.0/8`. */
export class IpRangeError extends Error {
  override readonly name = 'IpRangeError';
}

/**
 * Canonical spelling of an address or a CIDR range: `2001:DB8:0::1` is `2001:db8::1`, `10.1.2.3/8` is `10.0.0.0/8`,
 * `::ffff:10.0.0.1` is `10.0.0.1`, and a range of one address is the address. Other text is unchanged: senders also
 * put host names there.
 * @throws IpRangeError
 */
export function canonicalIp(text: string): string {
  const range = /^([^/]*)\/(\d+)$/.exec(text);
  const address = range?.[1] ?? text;
  const bytes = bytesOf(address);
  if (bytes === undefined) {
    if (range === null || !/^[\d.:a-f]*$/i.test(address)) return text;
    throw new IpRangeError('must be a range such as 10.0.0.0/8 or 2001:db8::/32');
  }
  const bits = isIPv4(address) ? IPV4_BITS : IPV6_BITS;
  const prefix = range === null ? bits : Number(range[2]);
  if (prefix > bits)
    throw new IpRangeError(`must have at most ${bits} after the slash in a range of this kind`);
  return format(bytes, prefix + IPV6_BITS - bits);
}

/**
 * A canonical address or range as input for PostgreSQL's inet, with IPv4 mapped to IPv6, so that both spellings of an
 * IPv4 address are equal; undefined for other text.
 */
export function inetOf(canonical: string): { inet: string; isIpv4: boolean } | undefined {
  const [address = '', prefix] = canonical.split('/');
  if (bytesOf(address) === undefined) return undefined;
  if (!isIPv4(address)) return { inet: canonical, isIpv4: false };
  const bits = prefix === undefined ? '' : `/${MAPPED_BITS + Number(prefix)}`;
  return { inet: `::ffff:${address}${bits}`, isIpv4: true };
}

/**
 * 16 bytes; undefined if it is not an address. An address with a zone (`fe80::1%eth0`) is text, because it has no
 * meaning on other hosts.
 */
function bytesOf(address: string): Uint8Array | undefined {
  if (isIPv4(address)) return bytesOf(`::ffff:${address}`);
  if (!isIPv6(address) || address.includes('%')) return undefined;
  const groups = canonicalIpv6(address).split('::');
  const [head = [], tail = []] = groups.map((half) => half.split(':').filter((one) => one !== ''));
  const missing = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  const numbers = [...head, ...(groups.length > 1 ? missing : []), ...tail].map((one) =>
    Number.parseInt(one, 16),
  );
  return Uint8Array.from(numbers.flatMap((one) => [one >> 8, one & 0xff]));
}

function format(bytes: Uint8Array, prefix: number): string {
  const masked = bytes.map((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefix - index * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  const isMapped =
    prefix >= MAPPED_BITS &&
    masked.subarray(0, 10).every((byte) => byte === 0) &&
    masked[10] === 0xff &&
    masked[11] === 0xff;
  if (isMapped) return withPrefix(masked.subarray(12).join('.'), prefix - MAPPED_BITS, IPV4_BITS);
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((masked[at * 2] ?? 0) << 8) | (masked[at * 2 + 1] ?? 0)).toString(16),
  );
  return withPrefix(canonicalIpv6(groups.join(':')), prefix, IPV6_BITS);
}

function withPrefix(address: string, prefix: number, bits: number): string {
  return prefix === bits ? address : `${address}/${prefix}`;
}

/** Lower case, the longest run of zeros as `::`, no dotted part: how the URL standard writes a host. */
function canonicalIpv6(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
