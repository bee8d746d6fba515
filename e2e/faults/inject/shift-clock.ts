// Loaded before a program (NODE_OPTIONS=--import). It shifts the wall clock by the milliseconds in FAULTS_CLOCK_FILE,
// which is read again on SIGUSR2. As with a real clock change, timers and performance.now() are not affected.
import { readFileSync } from 'node:fs';

const RealDate = Date;
let offsetMs = 0;

class ShiftedDate extends RealDate {
  constructor(...values: readonly unknown[]) {
    // Date accepts up to seven arguments of several types. Without arguments it means now.
    super(...((values.length === 0 ? [ShiftedDate.now()] : values) as [number]));
  }

  static override now(): number {
    return RealDate.now() + offsetMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;

const readOffset = (): void => {
  const file = process.env['FAULTS_CLOCK_FILE'];
  if (file !== undefined) offsetMs = Number(readFileSync(file, 'utf8'));
};
readOffset();
process.on('SIGUSR2', readOffset);
