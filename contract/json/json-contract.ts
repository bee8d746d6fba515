import type { FieldError } from '../problem.ts';
import { JsonReader } from './json-reader.ts';

const reader = new JsonReader((detail) => new SyntaxError(detail));

/** JSON that is rejected everywhere: duplicate keys, `\\u0000`, lone surrogates, deep nesting. */
export function jsonContractErrors(text: string): readonly FieldError[] {
  return reader.readText(text, () => {
    reader.skipValue();
    return reader.itemErrors;
  });
}
