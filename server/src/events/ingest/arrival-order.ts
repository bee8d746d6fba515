/** Arrival numbers have 24 bits. */
const MAX_ARRIVAL = 2 ** 24 - 1;
/** Delays up to 2^18 µs (0.26 s) are exact; longer ones keep 18 significant bits after the leading one. */
const MANTISSA_BITS = 18;
const CODES_PER_OCTAVE = 2 ** MANTISSA_BITS;
/**
 * The number of an event that arrives at its own time. Smaller numbers are for events whose time lies ahead of the
 * clock, by at most 1.1 years (events further ahead begin at 0); larger ones suffice for a delay of 500 years.
 */
const ARRIVAL_ON_TIME = 28 * CODES_PER_OCTAVE;

/** Number of timestamps remembered in each of two generations, about 3 MB each. */
const MAX_REMEMBERED = 65_536;

let recent = new Map<number, number>();
let older = new Map<number, number>();

/**
 * Next arrival number for an event with this timestamp. It is larger than every number that this process gave to an
 * event of the same microsecond and still remembers (the last 65,536 to 131,072 different timestamps).
 *
 * The number is the delay between the event's time and now, which grows with every later arrival of the same time, as
 * a floating-point number of 24 bits. Unlike a counter, it never wraps around. Several processes, and one process
 * before and after a restart, therefore agree within the accuracy of their clocks and the precision of the number: to
 * the microsecond for a delay of a quarter of a second, to 0.3 ms for a minute, to 0.3 s for a day, to 2 minutes for
 * a year. Within one process the order is exact.
 */
export function nextArrival(micros: number, nowMicros = currentMicros()): number {
  const last = recent.get(micros) ?? older.get(micros) ?? -1;
  const arrival = Math.min(Math.max(last + 1, encodeDelay(nowMicros - micros)), MAX_ARRIVAL);
  if (recent.size >= MAX_REMEMBERED && !recent.has(micros)) {
    older = recent;
    recent = new Map();
  }
  recent.set(micros, arrival);
  return arrival;
}

/** Monotonic: a larger delay never has a smaller number. */
export function encodeDelay(delayMicros: number): number {
  if (delayMicros >= 0) return Math.min(ARRIVAL_ON_TIME + magnitude(delayMicros), MAX_ARRIVAL);
  return Math.max(ARRIVAL_ON_TIME - magnitude(-delayMicros), 0);
}

/** Exponent and mantissa, as a floating-point number stores them: equal steps within an octave. */
function magnitude(delayMicros: number): number {
  const delay = Math.floor(delayMicros);
  if (delay < CODES_PER_OCTAVE) return delay;
  const exponent = Math.floor(Math.log2(delay)) - MANTISSA_BITS;
  // log2 may round up to the next octave just below it; both formulas give the same code at the boundary.
  return Math.floor(delay / 2 ** exponent) + exponent * CODES_PER_OCTAVE;
}

/** Clock in microseconds. Only the milliseconds are exact; the rest distinguishes processes. */
function currentMicros(): number {
  return Date.now() * 1000 + Math.floor((performance.now() % 1) * 1000);
}
