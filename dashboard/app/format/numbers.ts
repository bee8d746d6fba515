const whole = new Intl.NumberFormat('en');

/** `48,210` */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** `10,000+` if counting stopped there */
export function formatTotal(total: number, exact: boolean): string {
  return exact ? formatCount(total) : `${formatCount(total)}+`;
}

/** `1 event`, `48,210 events` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `21.4 MB`; decimal units, as in file managers. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${BYTE_UNITS[unit]}`;
}

/** `0190c3f1…9a2e`: an ID shortened for a table; copying it yields the full ID. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 8)}…${id.slice(-4)}`;
}
