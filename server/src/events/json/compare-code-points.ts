/**
 * Orders strings by code point, which is also the order of their UTF-8 bytes (PostgreSQL `COLLATE "C"`).
 * JavaScript's own order is by UTF-16 unit and puts U+10000 and above before U+E000–U+FFFF.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return weight(left) - weight(right);
  }
  return a.length - b.length;
}

// The first differing unit decides; surrogates (code points above U+FFFF) must weigh most.
function weight(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
