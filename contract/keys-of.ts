/** The keys of a table with their type, which Object.keys loses. The table must have no other keys. */
export function keysOf<Table extends object>(table: Table): (keyof Table & string)[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- true of `as const` tables, all this is for
  return Object.keys(table) as (keyof Table & string)[];
}
