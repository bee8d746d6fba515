import {
  FILTER_FIELDS,
  type FilterField,
  type ListParameter,
} from '../../../../../contract/filter-fields.ts';

interface MenuEntry {
  readonly parameter: ListParameter;
  readonly label: string;
}

/** Entries of the Filter menu: the filters whose value is typed, in the order in which they are shown. */
export const MENU_FILTERS: readonly MenuEntry[] = FILTER_FIELDS.flatMap((row) => {
  const { menu }: FilterField = row;
  return menu === undefined ? [] : [{ ...menu, parameter: row.parameter }];
}).sort((a, b) => a.position - b.position);
