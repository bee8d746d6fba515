type ClassName = string | false | null | undefined;

/** Joins class names and skips falsy ones. */
export function classNames(...names: readonly ClassName[]): string {
  return names.filter(Boolean).join(' ');
}
