import { DigestMismatchError, ExhibitError, ExhibitNetworkError } from '../errors.ts';

/** What a script can branch on; contract, documented in docs/guide/command-line.md. */
export const EXIT = {
  ok: 0,
  /** Lines were rejected, an export failed, or anything not named below. */
  failed: 1,
  usage: 2,
  denied: 3,
  digestMismatch: 4,
  unavailable: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes: 0 done, 1 rejected lines or failed export, 2 usage, 3 authentication or permission,
4 the file's digest is wrong, 5 the server cannot be reached, 130 interrupted.`;

/** Ends a command with a sentence and an exit code. */
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
