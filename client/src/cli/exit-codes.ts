import { DigestMismatchError, ExhibitError, ExhibitNetworkError } from '../errors.ts';

/** Exit codes that scripts may rely on, documented in docs/guide/command-line.md. */
export const EXIT = {
  ok: 0,
  /** Lines were rejected, an export failed, or any other error. */
  failed: 1,
  usage: 2,
  denied: 3,
  digestMismatch: 4,
  unavailable: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes: 0 success, 1 rejected lines or failed export, 2 wrong usage, 3 authentication or permission,
4 wrong digest of the file, 5 server unavailable, 130 interrupted.`;

/** An error that ends the command with this message and exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

const DENIED = new Set([401, 403]);
const BAD_REQUEST = new Set([400, 415, 431]);
const UNAVAILABLE = new Set([429, 502, 503, 504]);

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof DigestMismatchError) return EXIT.digestMismatch;
  if (error instanceof ExhibitNetworkError) return EXIT.unavailable;
  if (!(error instanceof ExhibitError)) return EXIT.failed;
  if (DENIED.has(error.status)) return EXIT.denied;
  if (BAD_REQUEST.has(error.status)) return EXIT.usage;
  return UNAVAILABLE.has(error.status) ? EXIT.unavailable : EXIT.failed;
}
