import { OFFICES, type Person, personId, type Role } from './cast.ts';
import type { Origin } from './demo-event.ts';
import type { Random } from './random.ts';

const DESKTOPS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
];
const PHONES = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0',
];

/** The origin of a person's session: at the office, at home or on the phone. */
export function personOrigin(person: Person, role: Role, random: Random): Origin {
  const onPhone = random.chance(0.07);
  return {
    actor: { id: person.id, email: person.email, role },
    traceId: random.hex(32),
    ipAddress: personAddress(person, random),
    geo: OFFICES[person.city].geo,
    userAgent: onPhone
      ? (PHONES[person.number % PHONES.length] ?? '')
      : (DESKTOPS[person.number % DESKTOPS.length] ?? ''),
  };
}

function personAddress(person: Person, random: Random): string {
  const { firstHost } = OFFICES[person.city];
  const atOffice = person.team !== 'contractor' && random.chance(0.6);
  if (atOffice) return `198.51.100.${firstHost + random.integer(0, 7)}`;
  if (person.number % 3 !== 0) return `203.0.113.${128 + person.number}`;
  return `2001:db8:${firstHost.toString(16)}:${(4096 + person.number).toString(16)}::${random.pick(['1f', '2a', '5c'])}`;
}

/** The origin of an invited guest, who is not in the cast. */
export function guestOrigin(email: string, random: Random): Origin {
  return {
    actor: { id: personId(email), email, role: 'MEMBER' },
    traceId: random.hex(32),
    ipAddress: `2001:db8:90:${random.hex(4)}::${random.integer(2, 99)}`,
    geo: random.pick(['FR-75C Paris', 'CA-ON Toronto', 'GB-LND London', 'SE-AB Stockholm']),
    userAgent: random.pick(DESKTOPS),
  };
}

export type ServiceName = keyof typeof SERVICES;

const SERVICES = {
  'ci-deployer': { ipAddress: '192.0.2.10', userAgent: 'acme-ci/4.12.0 (runner; linux/amd64)' },
  'billing-bot': { ipAddress: '192.0.2.20', userAgent: 'acme-billing/2.8.1' },
  'backup-agent': { ipAddress: '192.0.2.30', userAgent: 'pgbackrest-agent/2.55' },
  'export-worker': { ipAddress: '192.0.2.40', userAgent: 'acme-export-worker/1.9.3' },
  'webhook-relay': {
    ipAddress: '192.0.2.50',
    userAgent: 'acme-webhooks/3.1.0 (retry; +https://acme.test/webhooks)',
  },
  'security-monitor': { ipAddress: '192.0.2.60', userAgent: 'acme-detect/0.14.2' },
} as const;

export function serviceOrigin(name: ServiceName, random: Random): Origin {
  return {
    actor: { id: `svc_${name}`, email: `${name}@svc.acme.test`, role: 'SERVICE' },
    traceId: random.hex(32),
    ipAddress: SERVICES[name].ipAddress,
    geo: 'US-OR Boardman',
    userAgent: SERVICES[name].userAgent,
  };
}

/** The origin of a client with an API key. The actor is the key, not a person. */
export function keyOrigin(keyId: string, random: Random, ipAddress: string, geo: string): Origin {
  return {
    actor: { id: keyId, email: 'api@svc.acme.test', role: 'API_KEY' },
    traceId: random.hex(32),
    ipAddress,
    geo,
    userAgent: 'acme-sdk-node/5.2.1 (node 24)',
  };
}
