import { isConnectionError } from '../regions/connection-error.ts';
import { ArtifactStoreError } from '../storage/artifact-store.ts';
import { isStoreAway } from '../storage/store-away.ts';
import type { WaitCode } from './wait/export-wait.ts';

interface Failure {
  /** Cause and consequence for the data, for the person who requested the export. */
  readonly summary: string;
  /** Suggested next step. */
  readonly hint: string;
  /** True if another attempt may succeed, because the cause may be temporary. */
  readonly transient: boolean;
}

/**
 * Reasons why an export job fails. `failureCode` is part of the API contract; summary and hint are texts for people.
 */
export const EXPORT_FAILURES = {
  EXPORT_TOO_LARGE: {
    summary: 'More events matched than one export may hold. Nothing was kept.',
    hint: 'Narrow the filter or the time range, or split the export by month. An operator can raise EXPORT_MAX_ROWS.',
    transient: false,
  },
  ARTIFACT_QUOTA_EXCEEDED: {
    summary:
      "The file did not fit into your company's share of the artifact store. Nothing was kept.",
    hint: 'Delete files of earlier exports that are no longer needed, or export less, then rerun the export. An operator can raise EXPORT_MAX_ARTIFACT_BYTES_PER_COMPANY.',
    transient: false,
  },
  STORE_FULL: {
    summary: 'The artifact store has no space left. Nothing was kept.',
    hint: 'Ask an operator to free space in the artifact store, then rerun the export.',
    transient: true,
  },
  STORE_REFUSED: {
    summary: 'The artifact store refused the file. Nothing was kept.',
    hint: "Ask an operator to check the artifact store's permissions, then rerun the export.",
    transient: true,
  },
  STORE_FAILED: {
    summary: 'The artifact store did not take the whole file. Nothing was kept.',
    hint: 'Rerun the export. If it fails again, ask an operator to check the artifact store.',
    transient: true,
  },
  DATABASE_FAILED: {
    summary: 'Reading the events failed. Nothing was kept.',
    hint: 'Rerun the export. If it fails again, ask an operator to look at the worker log for this job.',
    transient: true,
  },
  QUERY_TOO_SLOW: {
    summary: 'Finding the matching events took too long. Nothing was kept.',
    hint: 'Add a time range, a category or an action to the filter and rerun the export.',
    transient: false,
  },
  ROW_COUNT_MISMATCH: {
    summary: 'The file did not hold the number of events counted for it, so it was deleted.',
    hint: 'Report this to an operator: it points to a fault in the database or in this product. Your events are not affected.',
    transient: false,
  },
  WORKER_LOST: {
    summary: 'The worker running this export stopped unexpectedly, three times. Nothing was kept.',
    hint: 'Rerun the export. If it fails again, ask an operator whether workers run out of memory.',
    transient: false,
  },
} as const satisfies Record<string, Failure>;

export type FailureCode = keyof typeof EXPORT_FAILURES;

/** An error with its failure code for the job. */
export class ExportFailure extends Error {
  override readonly name: string = 'ExportFailure';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const STORE_CODES = {
  full: 'STORE_FULL',
  refused: 'STORE_REFUSED',
  missing: 'STORE_FAILED',
  failed: 'STORE_FAILED',
} as const;

/** The disk has less free space than must be kept for PostgreSQL and other programs. */
export class DiskLowError extends ExportFailure {
  constructor(message: string) {
    super('STORE_FULL', message);
  }
}

/** Wait code for an outage, which costs no attempt; undefined for other errors. */
export function waitCodeOf(error: unknown): WaitCode | undefined {
  if (error instanceof DiskLowError) return 'DISK_LOW';
  if (error instanceof ArtifactStoreError)
    return isStoreAway(error) ? 'STORE_UNAVAILABLE' : undefined;
  return isConnectionError(error) ? 'DATABASE_UNAVAILABLE' : undefined;
}

/** Failure for any error of an attempt. */
export function failureCodeOf(error: unknown): FailureCode {
  if (error instanceof ExportFailure) return error.code;
  if (error instanceof ArtifactStoreError) return STORE_CODES[error.reason];
  return 'DATABASE_FAILED';
}
