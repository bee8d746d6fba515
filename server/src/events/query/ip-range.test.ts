import { describe, expect, test } from 'vitest';
import { canonicalIp, inetOf, IpRangeError } from './ip-range.ts';

describe('IP addresses in a filter', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['10.0.0.1/32', '10.0.0.1'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:ffff::/32', '2001:db8::/32'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['::', '::'],
    ['::/0', '::/0'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::FFFF:0a00:0001', '10.0.0.1'],
    ['::ffff:10.9.8.7/104', '10.0.0.0/8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['unknown', 'unknown'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['010.0.0.1', '010.0.0.1'],
    ['proxy/1', 'proxy/1'],
  ])('the IP filter %s is normalised to %s', (text, canonical) => {
    expect(canonicalIp(text)).toBe(canonical);
    expect(canonicalIp(canonical)).toBe(canonical);
  });

  test.each(['10.0.0.0/33', '::/129', '10.0/8', '300.0.0.0/8', '/8'])(
    'the IP filter %s is refused',
    (text) => {
      expect(() => canonicalIp(text)).toThrow(IpRangeError);
    },
  );

  test('IPv4 addresses are compared as IPv4-mapped IPv6 addresses', () => {
    expect(inetOf('10.0.0.0/8')).toEqual({ inet: '::ffff:10.0.0.0/104', isIpv4: true });
    expect(inetOf('2001:db8::/32')).toEqual({ inet: '2001:db8::/32', isIpv4: false });
    expect(inetOf('unknown')).toBeUndefined();
  });
});
