/** A list as returned by the server. */
export interface List<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}

/**
 * A list that may be unavailable because the region's database lacks a migration. It is then empty and `drift` names
 * the migration.
 */
export interface DriftingList<Item> extends List<Item> {
  readonly drift: string | null;
}
