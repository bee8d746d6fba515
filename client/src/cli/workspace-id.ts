import { CommandError, EXIT } from './exit-codes.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** @throws CommandError if the text is neither an id nor the name of a demo workspace */
export function workspaceId(given: string, names: ReadonlyMap<string, string>): string {
  if (UUID.test(given)) return given.toLowerCase();
  const id = names.get(given.toLowerCase());
  if (id !== undefined) return id;
  const known =
    names.size === 0 ? '' : ` or the name of a demo workspace (${[...names.keys()].join(', ')})`;
  throw new CommandError(EXIT.usage, `--workspace must be a workspace ID${known}.`);
}
