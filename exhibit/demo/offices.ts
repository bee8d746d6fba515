/** A place where people work. All its addresses are in the ranges kept for documentation (RFC 5737, 3849). */
export interface Office {
  readonly geo: string;
  /** Fixed all year: an hour more or less of daylight saving would not show in demo data. */
  readonly utcOffsetHours: number;
  /** The first of eight addresses in 198.51.100.0/24 that the office's staff share. */
  readonly firstHost: number;
}

export const OFFICES = {
  'San Francisco': { geo: 'US-CA San Francisco', utcOffsetHours: -7, firstHost: 16 },
  'New York': { geo: 'US-NY New York', utcOffsetHours: -4, firstHost: 32 },
  'São Paulo': { geo: 'BR-SP São Paulo', utcOffsetHours: -3, firstHost: 48 },
  Berlin: { geo: 'DE-BE Berlin', utcOffsetHours: 2, firstHost: 64 },
  Sofia: { geo: 'BG-22 Sofia', utcOffsetHours: 3, firstHost: 80 },
  Cairo: { geo: 'EG-C Cairo', utcOffsetHours: 3, firstHost: 96 },
  Bengaluru: { geo: 'IN-KA Bengaluru', utcOffsetHours: 5.5, firstHost: 112 },
  Tokyo: { geo: 'JP-13 Tokyo', utcOffsetHours: 9, firstHost: 128 },
} as const satisfies Record<string, Office>;

export type City = keyof typeof OFFICES;

export const CITIES: readonly City[] = [
  'San Francisco',
  'New York',
  'São Paulo',
  'Berlin',
  'Sofia',
  'Cairo',
  'Bengaluru',
  'Tokyo',
];
