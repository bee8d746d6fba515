import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const FOLDER =
  process.env['EXHIBIT_TEST_DATA'] ?? resolve(import.meta.dirname, '../../shared/data');

/** The repository does not contain real events. Tests that need them are skipped without the folder. */
export const HAS_SAMPLE_DATA = existsSync(FOLDER);

export const SAMPLE_DATA_TITLE = HAS_SAMPLE_DATA
  ? ''
  : ' (skipped: no folder with sample events, see EXHIBIT_TEST_DATA)';

/** Every line of every .jsonl.gz file, as sent. */
export function sampleLines(): string[] {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.jsonl.gz'))
    .sort();
  return files.flatMap((file) =>
    gunzipSync(readFileSync(join(FOLDER, file)))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );
}
