type ClassName = string | false | null | undefined;

/** Joins class names, without those that are switched off. */
export function classNames(...names: readonly ClassName[]): string {
  return names.filter(Boolean).join(' ');
}
