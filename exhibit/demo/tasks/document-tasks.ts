import { DAY_MS } from '../activity-calendar.ts';
import { colleagueOf } from '../cast.ts';
import type { Act, Metadata } from '../demo-event.ts';
import { DOCUMENT_TITLES, REMARKS } from '../document-titles.ts';
import { singleAct, type Scene, type Task } from '../scene.ts';
import type { DemoDocument } from '../world.ts';

const EVERYBODY = {
  contractor: 6,
  engineering: 4,
  finance: 6,
  leadership: 8,
  people: 7,
  sales: 8,
  security: 3,
  support: 6,
};

export const DOCUMENT_TASKS: readonly Task[] = [
  task(2.2, 'document.viewed', ({ random }) => ({
    source: random.pick(['search', 'link', 'folder', 'recent']),
    secondsOpen: random.small(2, 900),
  })),
  task(1.1, 'document.updated', ({ random }) => {
    const version = random.small(2, 60);
    return {
      version: { from: version - 1, to: version },
      change: { inserted: random.small(1, 900), deleted: random.small(0, 400) },
      integrity: random.integrity(),
    };
  }),
  task(0.45, 'document.commented', ({ random, person }) => ({
    comment: { text: random.pick(REMARKS), thread: random.integer(1, 30) },
    mentions: random.chance(0.4) ? [colleagueOf(person, random).name] : [],
  })),
  task(0.3, 'document.shared', (scene) => sharing(scene)),
  task(0.5, 'document.downloaded', ({ random }) => ({
    format: random.pick(['pdf', 'docx', 'xlsx', 'md']),
    bytes: random.small(8_000, 40_000_000),
    integrity: random.integrity(),
  })),
  { teams: weights(0.15), perform: singleAct(createDocument) },
  { teams: weights(0.1), perform: singleAct(deleteDocument) },
];

function weights(factor: number): Task['teams'] {
  return Object.fromEntries(
    Object.entries(EVERYBODY).map(([team, weight]) => [team, weight * factor]),
  );
}

function task(factor: number, action: string, describe: (scene: Scene) => Metadata): Task {
  return {
    teams: weights(factor),
    perform: singleAct((scene) => documentAct(documentOf(scene), action, describe(scene))),
  };
}

/** `action` is `document.viewed` and the like; the title leads the metadata. */
export function documentAct(document: DemoDocument, action: string, details: Metadata): Act {
  return {
    category: 'document',
    action,
    resource: { type: 'document', id: document.id },
    metadata: { title: document.title, ...details },
  };
}

function documentOf({ workspace, atMs, random }: Scene): DemoDocument {
  return workspace.documents.pickAt(atMs, random) ?? newDocument(random, atMs);
}

function newDocument(random: Scene['random'], atMs: number): DemoDocument {
  const title = `${random.pick(DOCUMENT_TITLES)}, ${new Date(atMs).toISOString().slice(0, 7)}`;
  return { id: `doc_${random.hex(12)}`, title, sinceMs: atMs };
}

function createDocument({ workspace, atMs, random }: Scene): Act {
  const document = newDocument(random, atMs);
  workspace.documents.add(document);
  return documentAct(document, 'document.created', {
    folder: random.pick(['/', '/Shared/Teams', '/Shared/客户', '/Drafts', '/Архив']),
    template: random.chance(0.3) ? random.pick(['minutes', 'runbook', 'contract']) : null,
  });
}

function deleteDocument({ workspace, atMs, random }: Scene): Act {
  const document = workspace.documents.pickAt(atMs, random) ?? newDocument(random, atMs);
  workspace.documents.remove(document);
  return documentAct(document, 'document.deleted', {
    reason: random.pick(['duplicate', 'retention', 'by owner']),
    recoverableForDays: 30,
  });
}

function sharing({ random, person, atMs }: Scene): Metadata {
  const permission = random.pick(['view', 'comment', 'edit']);
  if (random.chance(0.25)) {
    const expiresAt = new Date(atMs + random.integer(1, 30) * DAY_MS).toISOString();
    return { link: { scope: 'anyone with the link', permission, expiresAt } };
  }
  const { name, email } = colleagueOf(person, random);
  return { with: { name, email }, permission, notify: random.chance(0.8) };
}
