import prettyBytes from 'pretty-bytes';
import type { Client, ExportJob } from '../../client.ts';
import { colour } from '../terminal/colour.ts';
import { formatCount } from '../terminal/format-count.ts';
import { note, print, writeOut } from '../terminal/print.ts';
import { isStdout } from './output-target.ts';
import { type SavedFile, type SaveOptions, saveFile } from './save-file.ts';

export interface DeliverOptions extends SaveOptions {
  readonly json: boolean;
}

/** Downloads the file of a succeeded job to the target of `-o` and prints a summary. */
export async function deliver(
  client: Client,
  job: ExportJob,
  options: DeliverOptions,
): Promise<void> {
  if (job.truncated)
    note(
      colour(
        'yellow',
        'More events matched than the limit. The file contains only the oldest ones.',
      ),
    );
  if (isStdout(options.output)) {
    await streamOut(client, job, options.signal);
    return;
  }
  const file = await saveFile(client, job, options);
  options.line.clear();
  if (options.json) print(JSON.stringify({ job, file }));
  else print(describeFile(job, file));
}

function describeFile({ rowsExported }: ExportJob, { path, bytes, sha256, resumed }: SavedFile) {
  const times = resumed === 0 ? '' : `, resumed ${resumed === 1 ? 'once' : `${resumed} times`}`;
  return `${path}\n${formatCount(rowsExported)} rows, ${prettyBytes(bytes)}${times}\nSHA-256 ${sha256} (verified)`;
}

async function streamOut(client: Client, job: ExportJob, signal: AbortSignal): Promise<void> {
  const sha256 = job.sha256 ?? undefined;
  const download = await client.exports.download(job.jobId, { signal, sha256 });
  for await (const chunk of download) await writeOut(chunk);
}
