import type { Person, Role, Team } from './cast.ts';
import { DOCUMENT_TITLES, SECURITY_TITLES } from './document-titles.ts';
import type { Random } from './random.ts';
import { DocumentStore } from './document-store.ts';

export interface DemoDocument {
  readonly id: string;
  readonly title: string;
  readonly sinceMs: number;
}

export interface DemoKey {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly sinceMs: number;
}

export interface DemoWebhook {
  readonly id: string;
  readonly url: string;
  readonly sinceMs: number;
}

export interface DemoWorkspace {
  readonly id: string;
  readonly name: string;
  readonly documents: DocumentStore<DemoDocument>;
  readonly apiKeys: DocumentStore<DemoKey>;
  readonly webhooks: DocumentStore<DemoWebhook>;
}

/** What the company looks like while the events happen: stories read it and change it. */
export class World {
  readonly workspaces: readonly DemoWorkspace[];
  readonly #first: DemoWorkspace;
  readonly #roles = new Map<string, Role>();

  /** @throws RangeError without a workspace. */
  constructor(workspaces: readonly { id: string; name: string }[], random: Random) {
    this.workspaces = workspaces.map(({ id, name }) => furnish(id, name, random));
    const [first] = this.workspaces;
    if (first === undefined) throw new RangeError('demo events need at least one workspace');
    this.#first = first;
  }

  /** By name, in any case; the first workspace when none is called that. */
  workspaceNamed(name: string): DemoWorkspace {
    const found = this.workspaces.find((workspace) => isNamed(workspace, name));
    return found ?? this.#first;
  }

  workspaceFor(team: Team, random: Random): DemoWorkspace {
    return random.weighted(this.workspaces, (workspace) => shareOf(workspace, team));
  }

  roleOf(person: Person): Role {
    return this.#roles.get(person.id) ?? person.role;
  }

  setRole(person: Person, role: Role): void {
    this.#roles.set(person.id, role);
  }
}

function isNamed(workspace: DemoWorkspace, name: string): boolean {
  return workspace.name.toLowerCase() === name.toLowerCase();
}

function shareOf(workspace: DemoWorkspace, team: Team): number {
  if (isNamed(workspace, 'Security')) return team === 'security' ? 7 : 0.5;
  if (isNamed(workspace, 'Staging')) return team === 'engineering' ? 4 : 0.6;
  return isNamed(workspace, 'Production') ? 6 : 2;
}

const DOCUMENTS_AT_FIRST = 60;
const KEY_NAMES = ['ci pipeline', 'data warehouse', 'mobile app', 'status page', 'partner sync'];
const HOOKS = ['siem.acme.test/ingest', 'chat.acme.test/hooks/alerts', 'crm.partner.test/acme'];

function furnish(id: string, name: string, random: Random): DemoWorkspace {
  const titles = name.toLowerCase() === 'security' ? SECURITY_TITLES : DOCUMENT_TITLES;
  const documents = Array.from({ length: DOCUMENTS_AT_FIRST }, (_, index) => ({
    id: `doc_${random.hex(12)}`,
    title: editionOf(titles[index % titles.length] ?? '', Math.floor(index / titles.length)),
    sinceMs: 0,
  }));
  const apiKeys = KEY_NAMES.map((name) => {
    return { id: `key_${random.hex(10)}`, name, permissions: ['events:write'], sinceMs: 0 };
  });
  const webhooks = HOOKS.map((host) => {
    return { id: `whk_${random.hex(10)}`, url: `https://${host}`, sinceMs: 0 };
  });
  return {
    id,
    name,
    documents: new DocumentStore(documents),
    apiKeys: new DocumentStore(apiKeys),
    webhooks: new DocumentStore(webhooks),
  };
}

function editionOf(title: string, edition: number): string {
  return edition === 0 ? title : `${title} (${edition + 1})`;
}
