/** Reasons why the number of rows in a file was not compared with an independent count of the matching events. */
export const ROWS_EXPECTED_REASONS = ['NOT_COUNTED_YET', 'COUNT_TOOK_TOO_LONG'] as const;
type RowsExpectedReason = (typeof ROWS_EXPECTED_REASONS)[number];

/**
 * Whether `rowsExpected` is the exact count of the events within the job's cut, which the file must have before the
 * job succeeds; otherwise the reason.
 */
export function rowsExpectedJson({
  cut,
  rowsExpectedExact,
}: {
  readonly cut: object | null;
  readonly rowsExpectedExact: boolean;
}): {
  readonly rowsExpectedExact: boolean;
  readonly rowsExpectedReason: RowsExpectedReason | null;
} {
  if (rowsExpectedExact) return { rowsExpectedExact, rowsExpectedReason: null };
  return {
    rowsExpectedExact,
    rowsExpectedReason: cut === null ? 'NOT_COUNTED_YET' : 'COUNT_TOOK_TOO_LONG',
  };
}
