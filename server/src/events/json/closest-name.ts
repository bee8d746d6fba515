const MAX_NAME_LENGTH = 64;

/**
 * The candidate closest to `name`, or undefined if none is close: at most two typing errors (a missing, extra, wrong
 * or swapped letter), ignoring case, `_` and `-`.
 */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > MAX_NAME_LENGTH) return undefined;
  const wanted = plain(name);
  let best: { name: string; slips: number } | undefined;
  for (const candidate of candidates) {
    const slips = countSlips(wanted, plain(candidate));
    if (slips < (best?.slips ?? allowedSlips(wanted) + 1)) best = { name: candidate, slips };
  }
  return best?.name;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

// Two errors turn any three letters into any other short word, which would make the suggestion meaningless.
function allowedSlips(name: string): number {
  return name.length <= 4 ? 1 : 2;
}

/** Optimal string alignment distance (Damerau–Levenshtein without editing a pair twice). */
function countSlips(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const substitution = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = i > 1 && j > 1 && swapped ? at(i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, substitution, swap));
    }
  }
  return at(a.length, b.length);
}
