/** One line on standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line on standard error: for people, where standard output is for programs. */
export function printError(line: string): void {
  process.stderr.write(`${line}\n`);
}
