import { DigestMismatchError, ExhibitError, ExhibitNetworkError } from '../errors.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { redact } from './redact.ts';
import { colour } from './terminal/colour.ts';

/**
 * Runs a command and sets the exit code to its result. An error is printed to stderr and, with --json, also to
 * stdout as `{"error": {…}}`.
 */
export async function runCommand(
  { json }: { readonly json?: boolean | undefined },
  work: () => Promise<ExitCode>,
): Promise<void> {
  // The reader of stdout has closed it (`exhibit … | head`), so no more output is possible.
  process.stdout.once('error', () => process.exit(EXIT.failed));
  try {
    process.exitCode = await work();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    process.stderr.write(`${colour('red', 'exhibit:')} ${redact(explain(error))}\n`);
    if (json === true) process.stdout.write(`${redact(JSON.stringify(errorJson(error)))}\n`);
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof ExhibitError)) return error.message;
  const fields = error.errors
    .map(({ path, message }) => `${path}: ${message}`)
    .filter((line) => line !== error.detail)
    .map((line) => `\n  ${line}`);
  const request = error.requestId === undefined ? '' : `, request ${error.requestId}`;
  return `${error.detail} (${error.code}${request})${fields.join('')}`;
}

function errorJson(error: unknown): object {
  if (error instanceof ExhibitError) {
    const { code, status, detail, requestId, errors, problem } = error;
    return { error: { ...problem, code, status, detail, requestId, errors } };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { error: { code: localCode(error), detail: message } };
}

function localCode(error: unknown): string {
  if (error instanceof DigestMismatchError) return 'DIGEST_MISMATCH';
  return error instanceof ExhibitNetworkError ? 'UNREACHABLE' : 'COMMAND_FAILED';
}
