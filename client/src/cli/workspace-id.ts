import { CommandError, EXIT } from './exit-codes.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** @throws CommandError when it is neither an id nor a name that the demo knows */
export function workspaceId(given: string, names: ReadonlyMap<string, string>): string {
  if (UUID.test(given)) return given.toLowerCase();
  const id = names.get(given.toLowerCase());
  if (id !== undefined) return id;
  const known = names.size === 0 ? '' : ` or a name of the demo (${[...names.keys()].join(', ')})`;
  throw new CommandError(EXIT.usage, `--workspace takes the id of a workspace${known}.`);
}
