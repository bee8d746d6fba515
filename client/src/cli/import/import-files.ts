import type { Client } from '../../client.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Interrupts } from '../interrupts.ts';
import { formatCount } from '../terminal/format-count.ts';
import { ProgressLine } from '../terminal/progress-line.ts';
import { batches, type ImportLine } from './batches.ts';
import { ImportProgress } from './import-progress.ts';
import { ImportReport } from './import-report.ts';
import { describeInput, openInput, STDIN } from './open-input.ts';
import { LinePreparer } from './prepare-line.ts';
import { readLines } from './read-lines.ts';
import { sendBatch } from './send-batch.ts';

export interface ImportRequest {
  readonly client: Client;
  readonly files: readonly string[];
  readonly workspaceId: string | undefined;
  readonly source: string | undefined;
  readonly batch: number;
  readonly concurrency: number;
  readonly rejects: string | undefined;
  readonly interrupts: Interrupts;
}

export interface ImportResult {
  readonly report: ImportReport;
  readonly seconds: number;
  readonly exitCode: ExitCode;
}

/** Sends every line of the files in concurrent batches. On the first Ctrl-C, batches in flight are completed. */
export async function importFiles(request: ImportRequest): Promise<ImportResult> {
  const startedAt = performance.now();
  const inputs = await Promise.all(request.files.map(describeInput));
  using line = new ProgressLine();
  const report = new ImportReport({ progress: line, rejects: request.rejects });
  const progress = new ImportProgress(line, report, inputs);
  try {
    await sendAll(request, importLines(request, report, progress), report, progress);
  } finally {
    await report.close();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return { report, seconds, exitCode: exitCodeFor(request, report) };
}

function exitCodeFor({ interrupts }: ImportRequest, { rejected }: ImportReport): ExitCode {
  if (interrupts.signal.aborted) return EXIT.interrupted;
  return rejected > 0 ? EXIT.failed : EXIT.ok;
}

async function* importLines(
  { files, workspaceId, source, interrupts }: ImportRequest,
  report: ImportReport,
  progress: ImportProgress,
): AsyncGenerator<ImportLine> {
  const onRead = (bytes: number) => progress.readStored(bytes);
  const input = { onRead, signal: interrupts.signal };
  for (const path of files) {
    const file = path === STDIN ? 'stdin' : path;
    const preparer = new LinePreparer({ workspaceId, source });
    for await (const line of readLines(openInput(path, input))) {
      if (interrupts.signal.aborted) return;
      const prepared = preparer.prepare(line);
      if (prepared === undefined) continue;
      const { number, bytes: original } = line;
      progress.readContent(original?.length ?? 0);
      if (prepared.ok) yield { file, number, original, json: prepared.json };
      else report.reject({ line: { file, number, original }, ...prepared });
    }
  }
}

async function sendAll(
  { client, batch: max, concurrency }: ImportRequest,
  lines: AsyncGenerator<ImportLine>,
  report: ImportReport,
  progress: ImportProgress,
): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  const stop = new AbortController();
  const send = async (batch: readonly ImportLine[]) => {
    report.add(await sendBatch(client, batch, stop.signal));
    progress.confirm(batch.reduce((sum, { original }) => sum + (original?.length ?? 0), 0));
  };
  try {
    for await (const batch of batches(lines, max)) {
      const sending = send(batch).finally(() => inFlight.delete(sending));
      // The promise is awaited below. This handler prevents an unhandled rejection until then.
      sending.catch(() => undefined);
      inFlight.add(sending);
      if (inFlight.size >= concurrency) await Promise.race(inFlight);
    }
    await Promise.all(inFlight);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(inFlight);
    throw withAdvice(error, report);
  }
}

/** Adds to the error how many lines are stored and that the import can be repeated safely. */
function withAdvice(error: unknown, { created, replayed }: ImportReport): unknown {
  const stored = created + replayed;
  if (stored === 0 || !(error instanceof Error)) return error;
  error.message += ` ${formatCount(stored)} lines are stored. Run the same command again to import the rest; it creates no duplicates.`;
  return error;
}
