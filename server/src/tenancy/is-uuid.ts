const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What PostgreSQL would not take for an id cannot name anything: the answer is "not found", not an error. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
