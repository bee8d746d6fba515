// Loaded before a program (NODE_OPTIONS=--import): its wall clock is off by what the file FAULTS_CLOCK_FILE says,
// milliseconds, read again at SIGUSR2. As when a machine's clock steps, timers and performance.now() do not notice.
import { readFileSync } from 'node:fs';

const RealDate = Date;
let offsetMs = 0;

class ShiftedDate extends RealDate {
  constructor(...values: readonly unknown[]) {
    // Date takes one to seven arguments of several types; none means now.
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
