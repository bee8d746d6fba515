/** Writes one line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line to standard error: messages for people when standard output is read by a program. */
export function printError(line: string): void {
  process.stderr.write(`${line}\n`);
}
