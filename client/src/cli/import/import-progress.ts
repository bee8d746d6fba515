import { bar, counted, describeSeconds, percent, timeLeft } from '../terminal/describe-progress.ts';
import { formatCount } from '../terminal/format-count.ts';
import type { ProgressLine } from '../terminal/progress-line.ts';
import { Rate } from '../terminal/rate.ts';
import type { ImportReport } from './import-report.ts';
import type { Input } from './open-input.ts';

/**
 * The progress of an import. Files may be compressed and are read ahead of the server's confirmations. So the bar
 * shows the compressed bytes read, multiplied by the confirmed share of the decompressed bytes read.
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

  /** Counts bytes of a file as it is on disk, possibly compressed. */
  readStored(bytes: number): void {
    this.#storedBytes += bytes;
  }

  /** Counts decompressed bytes of lines. */
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
    // Never move backwards, which would happen when a file compresses worse than the one before.
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
      ...(rejected === 0 ? [] : [`${formatCount(rejected)} rejected`]),
    ].join('  ');
  }
}

/** `imported 20,985 lines from 8 files in 1.2 s (17,487 lines/s): 20,490 stored, 48 already stored, 447 rejected` */
export function describeImport(report: ImportReport, files: number, seconds: number): string {
  const { lines, created, replayed, rejected } = report;
  const rate = formatCount(Math.round(lines / Math.max(seconds, 0.001)));
  const from = files === 1 ? '1 file' : `${files} files`;
  return (
    `imported ${formatCount(lines)} lines from ${from} in ${describeSeconds(seconds)} (${rate} lines/s): ` +
    `${formatCount(created)} stored, ${formatCount(replayed)} already stored, ${formatCount(rejected)} rejected`
  );
}
