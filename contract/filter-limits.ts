/** Characters (code points) in one value of a filter, after trimming. */
export const MAX_FILTER_VALUE_LENGTH = 256;
/** Different values in one list filter. */
export const MAX_FILTER_VALUES = 100;
/** Different conditions on metadata in one EventQuery. */
export const MAX_METADATA_CONDITIONS = 20;
/** Events on a page of a list. */
export const MIN_PAGE_SIZE = 10;
export const MAX_PAGE_SIZE = 200;
