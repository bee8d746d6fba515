import { bar, counted, describeSeconds, percent, timeLeft } from '../terminal/describe-progress.ts';
import type { ProgressLine } from '../terminal/progress-line.ts';
import { Rate } from '../terminal/rate.ts';
import type { ImportReport } from './import-report.ts';
import type { Input } from './open-input.ts';

/**
 * How far an import is. Files are read ahead of what the server has confirmed and may be compressed, so the
 * bar shows the stored bytes read, times the share of the content read that was confirmed.
 */
export class ImportProgress {
  readonly #line: ProgressLine;
  readonly #report: ImportReport;
  readonly #totalBytes: number | undefined;
  readonly #lineRate = new Rate();
  readonly #byteRate = new Rate();
  #storedBytes = 0;
  #contentBytes = 0;
  #confirmedBytes = 0;
  #done = 0;

  constructor(line: ProgressLine, report: ImportReport, inputs: readonly Input[]) {
    this.#line = line;
    this.#report = report;
    this.#totalBytes = inputs.some(({ bytes }) => bytes === undefined)
      ? undefined
      : inputs.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
    this.#sample();
  }

  /** Bytes of a file as it is stored, compressed perhaps. */
  readStored(bytes: number): void {
    this.#storedBytes += bytes;
  }

  /** Bytes of lines. */
  readContent(bytes: number): void {
    this.#contentBytes += bytes;
  }

  confirm(bytes: number): void {
    this.#confirmedBytes += bytes;
    this.#sample();
    this.#line.update(() => this.#text());
  }

  #sample(): void {
    const share = this.#confirmedBytes / Math.max(1, this.#contentBytes);
    // Never backwards, though a file that compresses worse than the one before would make it so.
    this.#done = Math.max(this.#done, this.#storedBytes * Math.min(1, share));
    this.#lineRate.add(this.#report.lines);
    this.#byteRate.add(this.#done);
  }

  #text(): string {
    const { lines, rejected } = this.#report;
    const perSecond = this.#lineRate.perSecond();
    const unit = counted('lines');
    const total = this.#totalBytes;
    const fraction = total === undefined ? undefined : this.#done / Math.max(1, total);
    return [
      'importing',
      ...(fraction === undefined ? [] : [bar(fraction), percent(fraction)]),
      unit(lines),
      ...(perSecond === undefined ? [] : [`${unit(Math.round(perSecond))}/s`]),
      ...timeLeft(this.#byteRate, total),
      ...(rejected === 0 ? [] : [`${rejected.toLocaleString('en-US')} rejected`]),
    ].join('  ');
  }
}

/** `imported 20,985 lines of 8 files in 1.2 s (17,487 lines/s): 20,490 stored, 48 there already, 447 rejected` */
export function describeImport(report: ImportReport, files: number, seconds: number): string {
  const number = (count: number) => count.toLocaleString('en-US');
  const { lines, created, replayed, rejected } = report;
  const rate = number(Math.round(lines / Math.max(seconds, 0.001)));
  const from = files === 1 ? '1 file' : `${files} files`;
  return (
    `imported ${number(lines)} lines of ${from} in ${describeSeconds(seconds)} (${rate} lines/s): ` +
    `${number(created)} stored, ${number(replayed)} there already, ${number(rejected)} rejected`
  );
}
