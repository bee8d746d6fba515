import { colour } from './colour.ts';
import { formatCount } from './format-count.ts';
import type { Rate } from './rate.ts';

const BAR_CELLS = 24;

export interface Progress {
  readonly label: string;
  readonly done: number;
  /** If unknown, no bar and no remaining time are shown. */
  readonly total: number | undefined;
  readonly rate: Rate;
  readonly unit: (count: number) => string;
}

/** `exporting  ████████░░░░  1,234,567 of 2,000,000 rows  61%  540,000 rows/s  2 s left` */
export function describeProgress({ label, done, total, rate, unit }: Progress): string {
  const perSecond = rate.perSecond();
  const parts = [label];
  if (total === undefined) parts.push(unit(done));
  else {
    const fraction = total === 0 ? 1 : Math.min(1, done / total);
    parts.push(bar(fraction), `${number(done, unit)} of ${unit(total)}`, percent(fraction));
  }
  if (perSecond !== undefined) parts.push(`${unit(Math.round(perSecond))}/s`);
  return [...parts, ...timeLeft(rate, total)].join('  ');
}

/** `3.2 s left`; empty if the time is unknown or almost zero. */
export function timeLeft(rate: Rate, total: number | undefined): readonly string[] {
  const seconds = total === undefined ? undefined : rate.secondsTo(total);
  return seconds === undefined || seconds < 0.05 ? [] : [`${describeSeconds(seconds)} left`];
}

/** `1,234,567 rows` */
export function counted(noun: string): (count: number) => string {
  return (count) => `${formatCount(count)} ${noun}`;
}

/** `3.2 s`, `1 min 5 s`, `2 h 3 min` */
export function describeSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** The number without its unit if the unit is a word, as in `5 of 7 rows`. */
function number(count: number, unit: (count: number) => string): string {
  return unit(count).replace(/ (rows|lines)$/, '');
}

export function bar(fraction: number): string {
  const full = Math.round(fraction * BAR_CELLS);
  return colour('green', '█'.repeat(full)) + colour('dim', '░'.repeat(BAR_CELLS - full));
}

export function percent(fraction: number): string {
  // Round down, so that 99.9% is not shown as 100%.
  return `${Math.floor(fraction * 100)}%`;
}
