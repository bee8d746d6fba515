import { act, type Act, type Metadata, type Occurrence, type Origin } from './demo-event.ts';
import type { Person, Role, Team } from './cast.ts';
import type { Random } from './random.ts';
import { DOCUMENT_TITLES, SECURITY_TITLES } from './texts.ts';

/** A document, API key or webhook. `name` is its title, name or URL. */
export interface Item {
  readonly id: string;
  readonly name: string;
  /** Time of creation in milliseconds since the epoch. The item must not be used before. */
  readonly sinceMs: number;
}

/** The items of one kind that a workspace has at the moment. */
class Items {
  readonly #items: Item[];

  constructor(items: readonly Item[]) {
    this.#items = [...items];
  }

  get size(): number {
    return this.#items.length;
  }

  add(item: Item): void {
    this.#items.push(item);
  }

  remove(item: Item): void {
    const at = this.#items.indexOf(item);
    if (at !== -1) this.#items.splice(at, 1);
  }

  /** Picks an item that exists at this time. A few items are much more popular than the others. */
  pickAt(atMs: number, random: Random): Item | undefined {
    const existing = this.#items.filter(({ sinceMs }) => sinceMs <= atMs);
    return existing[random.small(0, existing.length - 1)];
  }
}

export interface DemoWorkspace {
  readonly id: string;
  readonly name: string;
  readonly documents: Items;
  readonly apiKeys: Items;
  readonly webhooks: Items;
}

/** A moment at which a person or machine does something in a workspace. */
export interface MachineScene {
  readonly atMs: number;
  readonly random: Random;
  readonly world: World;
  readonly workspace: DemoWorkspace;
}

export interface Scene extends MachineScene {
  readonly person: Person;
}

/** One event of a task. */
export interface Step {
  /** Time after the start of the task. */
  readonly afterMs: number;
  readonly act: Act;
  /** Default: the person or service that performs the task. */
  readonly by?: Origin;
}

export function toOccurrence(
  { afterMs, act: done, by }: Step,
  startMs: number,
  workspaceId: string,
  origin: Origin,
): Occurrence {
  return { atMs: startMs + afterMs, workspaceId, act: done, origin: by ?? origin };
}

export const authAct = ({ id }: Person, action: string, metadata: Metadata): Act =>
  act('auth', action, `user/${id}`, metadata);

export const failedLogin = (person: Person, attempt: number): Act =>
  authAct(person, 'login.failed', { method: 'password', reason: 'invalid_password', attempt });

export const documentAct = (
  { id, name }: Pick<Item, 'id' | 'name'>,
  action: string,
  details: Metadata,
) => act('document', action, `document/${id}`, { title: name, ...details });

export const keyAct = (
  { id, name }: Pick<Item, 'id' | 'name'>,
  action: string,
  details: Metadata,
) =>
  act('api_key', action, `api_key/${id}`, { name, prefix: `exh_${id.slice(4, 8)}…`, ...details });

export const webhookAct = (
  { id, name }: Pick<Item, 'id' | 'name'>,
  action: string,
  details: Metadata,
) => act('webhook', action, `webhook/${id}`, { url: name, ...details });

/** The state of the company, which the events read and change. */
export class World {
  readonly workspaces: readonly DemoWorkspace[];
  readonly #roles = new Map<string, Role>();

  /** @throws RangeError if there is no workspace */
  constructor(workspaces: readonly { id: string; name: string }[], random: Random) {
    if (workspaces.length === 0) throw new RangeError('demo events need at least one workspace');
    this.workspaces = workspaces.map(({ id, name }) => furnish(id, name, random));
  }

  /** The workspace with this name, or else the first one. */
  workspaceNamed(name: string): DemoWorkspace {
    const found =
      this.workspaces.find((workspace) => workspace.name === name) ?? this.workspaces[0];
    if (found === undefined) throw new RangeError('no workspace');
    return found;
  }

  workspaceFor(team: Team, random: Random): DemoWorkspace {
    return random.weighted(this.workspaces, ({ name }) => {
      if (name === 'Security') return team === 'security' ? 7 : 0.5;
      if (name === 'Staging') return team === 'engineering' ? 4 : 0.6;
      return name === 'Production' ? 6 : 2;
    });
  }

  roleOf(person: Person): Role {
    return this.#roles.get(person.id) ?? person.role;
  }

  setRole(person: Person, role: Role): void {
    this.#roles.set(person.id, role);
  }
}

const INITIAL_DOCUMENTS = 60;
const KEY_NAMES = ['ci pipeline', 'data warehouse', 'mobile app', 'status page', 'partner sync'];
const HOOKS = ['siem.acme.test/ingest', 'chat.acme.test/hooks/alerts', 'crm.partner.test/acme'];

function furnish(id: string, name: string, random: Random): DemoWorkspace {
  const titles: readonly string[] = name === 'Security' ? SECURITY_TITLES : DOCUMENT_TITLES;
  const items = (prefix: string, names: readonly string[]) =>
    new Items(names.map((one) => ({ id: `${prefix}_${random.hex(10)}`, name: one, sinceMs: 0 })));
  const documents = Array.from({ length: INITIAL_DOCUMENTS }, (_, index) => {
    const edition = Math.floor(index / titles.length) + 1;
    return `${titles[index % titles.length]}${edition === 1 ? '' : ` (${edition})`}`;
  });
  return {
    id,
    name,
    documents: items('doc', documents),
    apiKeys: items('key', KEY_NAMES),
    webhooks: items(
      'whk',
      HOOKS.map((host) => `https://${host}`),
    ),
  };
}
