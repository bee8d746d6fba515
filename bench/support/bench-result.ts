/** Result of one bench; `npm run bench` prints it as JSON on its last line. */
export interface BenchResult {
  readonly name: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
}
