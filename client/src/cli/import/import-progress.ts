import prettyBytes from 'pretty-bytes';
import { counted, describeProgress, describeSeconds } from '../terminal/describe-progress.ts';
import type { ProgressLine } from '../terminal/progress-line.ts';
import { Rate } from '../terminal/rate.ts';
import type { ImportReport } from './import-report.ts';
import type { Input } from './open-input.ts';

/** Progress in bytes read, where the files' sizes are known; in lines too, which is what people count. */
export class ImportProgress {
  readonly #line: ProgressLine;
  readonly #report: ImportReport;
  readonly #totalBytes: number | undefined;
  readonly #lineRate = new Rate();
  readonly #byteRate = new Rate();
  #bytes = 0;

  constructor(line: ProgressLine, report: ImportReport, inputs: readonly Input[]) {
    this.#line = line;
    this.#report = report;
    this.#totalBytes = inputs.some(({ bytes }) => bytes === undefined)
      ? undefined
      : inputs.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  }

  read(bytes: number): void {
    this.#bytes += bytes;
  }

  show(): void {
    this.#lineRate.add(this.#report.lines);
    this.#byteRate.add(this.#bytes);
    this.#line.update(() => this.#text());
  }

  #text(): string {
    const rejected = this.#report.rejected;
    return [
      describeProgress({
        label: 'importing',
        done: this.#bytes,
        total: this.#totalBytes,
        rate: this.#byteRate,
        unit: (bytes) => prettyBytes(bytes),
      }),
      counted('lines')(this.#report.lines),
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
