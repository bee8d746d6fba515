const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A text that is not a UUID cannot be an existing id, so routes respond "not found" instead of an error. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
