/** A list as the server answers it. */
export interface List<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}

/** A list that a region which has not been migrated cannot have: empty, and `drift` names what is missing. */
export interface DriftingList<Item> extends List<Item> {
  readonly drift: string | null;
}
