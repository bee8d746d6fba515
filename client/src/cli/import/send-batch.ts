import { type BatchResult, type Client, ExhibitError } from '../../client.ts';
import type { ImportLine } from './batches.ts';

export interface BatchOutcome {
  readonly created: number;
  readonly replayed: number;
  readonly rejected: readonly RejectedLine[];
}

export interface RejectedLine {
  readonly line: Pick<ImportLine, 'file' | 'number' | 'original'>;
  readonly code: string;
  readonly detail: string;
}

/**
 * Sends a batch of lines. If the server rejects the whole batch (too large, or one line makes it unreadable), it is
 * split in half repeatedly until the invalid line is alone.
 * @throws ExhibitError, ExhibitNetworkError if the failure is not caused by the lines
 */
export async function sendBatch(
  client: Client,
  lines: readonly ImportLine[],
  signal: AbortSignal,
): Promise<BatchOutcome> {
  try {
    const result = await client.events.createBatchFromLines(
      lines.map(({ json }) => json),
      { idempotent: true, signal },
    );
    return outcomeOf(lines, result);
  } catch (error) {
    if (!isAboutTheBody(error)) throw error;
    const [only] = lines;
    if (lines.length === 1 && only !== undefined) {
      const rejected = { line: only, code: error.code, detail: error.detail };
      return { created: 0, replayed: 0, rejected: [rejected] };
    }
    const middle = Math.ceil(lines.length / 2);
    const first = await sendBatch(client, lines.slice(0, middle), signal);
    const second = await sendBatch(client, lines.slice(middle), signal);
    return {
      created: first.created + second.created,
      replayed: first.replayed + second.replayed,
      rejected: [...first.rejected, ...second.rejected],
    };
  }
}

function isAboutTheBody(error: unknown): error is ExhibitError {
  return error instanceof ExhibitError && (error.status === 400 || error.status === 413);
}

function outcomeOf(lines: readonly ImportLine[], result: BatchResult): BatchOutcome {
  const rejected = result.results.flatMap(({ index, status, code, detail }) => {
    const line = lines[index];
    if (status !== 'rejected' || line === undefined) return [];
    return [{ line, code: code ?? 'REJECTED', detail: detail ?? 'no reason given' }];
  });
  return { created: result.created, replayed: result.replayed, rejected };
}
