import prettyBytes from 'pretty-bytes';
import type { DownloadProgress } from '../../client.ts';
import { describeProgress } from '../terminal/describe-progress.ts';
import type { ProgressLine } from '../terminal/progress-line.ts';
import { Rate } from '../terminal/rate.ts';

/** Shows the progress of a download and counts how often it was resumed. */
export class DownloadProgressLine {
  resumed = 0;
  readonly #line: ProgressLine;
  readonly #rate = new Rate();

  constructor(line: ProgressLine) {
    this.#line = line;
  }

  show({ bytes, totalBytes, resumed }: DownloadProgress): void {
    this.resumed = resumed;
    this.#rate.add(bytes);
    this.#line.update(() =>
      describeProgress({
        label: 'downloading',
        done: bytes,
        total: totalBytes,
        rate: this.#rate,
        unit: (count) => prettyBytes(count),
      }),
    );
  }
}
