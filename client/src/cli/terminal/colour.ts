import { styleText } from 'node:util';

/** Colours the text if stderr is a terminal and NO_COLOR is not set. */
export function colour(name: 'red' | 'green' | 'yellow' | 'dim' | 'bold', text: string): string {
  return styleText(name, text, { stream: process.stderr });
}
