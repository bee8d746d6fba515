/** A number that a JavaScript number cannot represent exactly; shown and copied as it was sent. */
export class RawNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  toString(): string {
    return this.source;
  }
}

interface ReviverContext {
  readonly source?: string;
}

/** Parses JSON without losing digits: a number that JavaScript cannot represent becomes a RawNumber. */
export function parseEventJson(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: ReviverContext): unknown => {
    const source = context?.source;
    if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
    return new RawNumber(source);
  };
  return JSON.parse(text, revive);
}

/** Formats JSON with an indent of two spaces and raw numbers as they were sent. */
export function formatEventJson(value: unknown, indent = ''): string {
  const inner = `${indent}  `;
  if (value instanceof RawNumber) return value.source;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + formatEventJson(item, inner)).join(',\n')}\n${indent}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value);
    if (members.length === 0) return '{}';
    const lines = members.map(
      ([key, member]) => `${inner}${JSON.stringify(key)}: ${formatEventJson(member, inner)}`,
    );
    return `{\n${lines.join(',\n')}\n${indent}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
