import { hash } from 'node:crypto';
import type { Random } from './random.ts';

/**
 * Places where people work. All their addresses are in ranges reserved for documentation (RFC 5737, 3849). Eight
 * addresses in 198.51.100.0/24, from `firstHost`, belong to an office. Daylight saving time is ignored.
 */
export const OFFICES = {
  'San Francisco': { geo: 'US-CA San Francisco', utcOffsetHours: -7, firstHost: 16 },
  'New York': { geo: 'US-NY New York', utcOffsetHours: -4, firstHost: 32 },
  'São Paulo': { geo: 'BR-SP São Paulo', utcOffsetHours: -3, firstHost: 48 },
  Berlin: { geo: 'DE-BE Berlin', utcOffsetHours: 2, firstHost: 64 },
  Sofia: { geo: 'BG-22 Sofia', utcOffsetHours: 3, firstHost: 80 },
  Cairo: { geo: 'EG-C Cairo', utcOffsetHours: 3, firstHost: 96 },
  Bengaluru: { geo: 'IN-KA Bengaluru', utcOffsetHours: 5.5, firstHost: 112 },
  Tokyo: { geo: 'JP-13 Tokyo', utcOffsetHours: 9, firstHost: 128 },
} as const;

export type City = keyof typeof OFFICES;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys loses the names
export const CITIES = Object.keys(OFFICES) as readonly City[];

export type Role = 'OWNER' | 'ADMIN' | 'BILLING' | 'MEMBER';

export type Team =
  | 'contractor'
  | 'engineering'
  | 'finance'
  | 'leadership'
  | 'people'
  | 'sales'
  | 'security'
  | 'support';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly city: City;
  readonly team: Team;
  /** The initial role. */
  readonly role: Role;
  /** Position in the cast; determines addresses and devices. */
  readonly number: number;
}

type Row = readonly [name: string, mailbox: string, city: City, team: Team, role?: Role];

const STAFF: readonly Row[] = [
  ['Maya Okafor', 'maya.okafor', 'San Francisco', 'leadership', 'OWNER'],
  ['Daniel Reyes', 'daniel.reyes', 'San Francisco', 'engineering', 'ADMIN'],
  ['Nguyễn Thị Minh Châu', 'chau.nguyen', 'San Francisco', 'engineering'],
  ['Jordan Blake', 'jordan.blake', 'San Francisco', 'sales'],
  ['Renée Dubois-Clarke', 'renee.dubois', 'San Francisco', 'finance', 'BILLING'],
  ['Tomás Herrera', 'tomas.herrera', 'San Francisco', 'engineering'],
  ['Grace Kim (김은혜)', 'grace.kim', 'San Francisco', 'support'],
  ['Samir Haddad', 'samir.haddad', 'San Francisco', 'security', 'ADMIN'],
  ['陈思远', '陈思远', 'San Francisco', 'engineering'],
  ['Ethan Walsh', 'ethan.walsh', 'San Francisco', 'sales'],
  ['Aaliyah Johnson', 'aaliyah.johnson', 'San Francisco', 'people', 'ADMIN'],
  ['Bex 🦊 Carter', 'bex.carter', 'San Francisco', 'engineering'],
  ['Isabella Rossi', 'isabella.rossi', 'New York', 'sales'],
  ['Noah Feldman', 'noah.feldman', 'New York', 'finance'],
  ['Siobhán O’Connor', 'siobhan.oconnor', 'New York', 'support'],
  ['Marcus Bell', 'marcus.bell', 'New York', 'engineering'],
  ['Hannah Weiß', 'hannah.weiß', 'New York', 'people'],
  ['Yusuf Demir', 'yusuf.demir', 'New York', 'sales'],
  ['Chloé Lefèvre', 'chloé.lefèvre', 'New York', 'support'],
  ['Andre Thompson', 'andre.thompson', 'New York', 'engineering'],
  ['لیلا فراهانی', 'leila.farahani', 'New York', 'finance'],
  ['João Gonçalves', 'joão.gonçalves', 'São Paulo', 'engineering'],
  ['Beatriz Araújo', 'beatriz.araujo', 'São Paulo', 'support'],
  ['Íñigo Muñoz', 'inigo.munoz', 'São Paulo', 'sales'],
  ['Inês Conceição', 'ines.conceicao', 'São Paulo', 'finance'],
  ['Zoë Brandt', 'zoe.brandt', 'Berlin', 'engineering', 'ADMIN'],
  ['Jürgen Müller', 'jürgen.müller', 'Berlin', 'engineering'],
  ['Łukasz Wiśniewski', 'lukasz.wisniewski', 'Berlin', 'finance'],
  ['Anaïs Girard', 'anais.girard', 'Berlin', 'sales'],
  ['Søren Østergaard', 'søren.østergaard', 'Berlin', 'engineering'],
  ['Ingrid Håkansson', 'ingrid.hakansson', 'Berlin', 'security', 'ADMIN'],
  ['Björn Åkesson', 'bjorn.akesson', 'Berlin', 'security', 'ADMIN'],
  ['Kateřina Dvořáková', 'katerina.dvorakova', 'Berlin', 'support'],
  ['Юлія Ковальчук', 'юлія.ковальчук', 'Berlin', 'engineering'],
  ['Szőke Márton', 'marton.szoke', 'Berlin', 'support'],
  ['Νίκος Παπαδόπουλος', 'nikos.papadopoulos', 'Berlin', 'engineering'],
  ['Ayşe Yıldız', 'ayse.yildiz', 'Berlin', 'people'],
  ['Георги Димитров', 'георги.димитров', 'Sofia', 'engineering'],
  ['Мария Иванова', 'maria.ivanova', 'Sofia', 'finance', 'BILLING'],
  ['Petar Stoyanov', 'petar.stoyanov', 'Sofia', 'engineering'],
  ['Елена Николова', 'elena.nikolova', 'Sofia', 'support'],
  ['Олександр Шевченко', 'oleksandr.shevchenko', 'Sofia', 'engineering'],
  ['Ивана Јовановић', 'ivana.jovanovic', 'Sofia', 'sales'],
  ['أحمد حسن', 'أحمد.حسن', 'Cairo', 'engineering'],
  ['ليلى منصور', 'layla.mansour', 'Cairo', 'support'],
  ['Omar Farouk', 'omar.farouk', 'Cairo', 'sales'],
  ['نور الدين', 'nour.eldin', 'Cairo', 'engineering'],
  ['Mariam Adel', 'mariam.adel', 'Cairo', 'people'],
  ['Priya Raghavan', 'priya.raghavan', 'Bengaluru', 'engineering', 'ADMIN'],
  ['अनन्या शर्मा', 'ananya.sharma', 'Bengaluru', 'support'],
  ['Arjun Mehta', 'arjun.mehta', 'Bengaluru', 'engineering'],
  ['தமிழ்ச்செல்வி', 'tamilselvi', 'Bengaluru', 'security'],
  ['Rahul Iyer', 'rahul.iyer', 'Bengaluru', 'engineering'],
  ['فاطمہ شیخ', 'fatima.sheikh', 'Bengaluru', 'finance'],
  ['佐藤 健太', '佐藤.健太', 'Tokyo', 'engineering'],
  ['鈴木 美咲', 'misaki.suzuki', 'Tokyo', 'sales'],
  ['田中 陽子', 'yoko.tanaka', 'Tokyo', 'support'],
  ['Kenji Watanabe', 'kenji.watanabe', 'Tokyo', 'security'],
  ['王小明', 'wang.xiaoming', 'Tokyo', 'engineering'],
  ['이서연', 'seoyeon.lee', 'Tokyo', 'finance'],
  ['山本 さくら 🌸', 'sakura.yamamoto', 'Tokyo', 'support'],
];

/** External people have email addresses of other domains. */
const CONTRACTORS: readonly Row[] = [
  ['Freya Nørgaard', 'freya@brightforge.test', 'Berlin', 'contractor'],
  ['Mateo Quispe', 'm.quispe@andes-consulting.test', 'São Paulo', 'contractor'],
  ['Tom Ashworth', 'tom@ashworth-audit.test', 'New York', 'contractor'],
  ['ДМИТРО БОНДАР', 'd.bondar@brightforge.test', 'Sofia', 'contractor'],
];

export const CAST: readonly Person[] = [...STAFF, ...CONTRACTORS].map(toPerson);

function toPerson([name, mailbox, city, team, role = 'MEMBER']: Row, number: number): Person {
  const email = mailbox.includes('@') ? mailbox : `${mailbox}@acme.test`;
  return { id: personId(email), name, email, city, team, role, number };
}

/** The id of the person with this address, the same in every run. */
export function personId(email: string): string {
  return `usr_${hash('sha256', email, 'hex').slice(0, 16)}`;
}

/** @throws RangeError if the cast has no person with this address */
export function castMember(email: string): Person {
  const person = CAST.find((person) => person.email === email);
  if (person === undefined) throw new RangeError(`not in the cast: ${email}`);
  return person;
}

/** Picks another person. */
export function colleagueOf(person: Person, random: Random): Person {
  const steps = random.integer(1, CAST.length - 1);
  return CAST[(person.number + steps) % CAST.length] ?? person;
}
