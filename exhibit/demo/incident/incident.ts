import { DAY_MS } from '../activity-calendar.ts';
import { castMember } from '../cast.ts';
import type { Occurrence } from '../demo-event.ts';
import type { Random } from '../random.ts';
import type { DemoDocument, DemoWorkspace, World } from '../world.ts';
import { attack } from './attack.ts';
import type { CaseFile } from './case-file.ts';
import { respond } from './response.ts';

const DAYS_AGO = 8.5;
const STOLEN_DOCUMENTS = 4;

/**
 * The one thing worth finding: passwords sprayed over twenty accounts from a foreign network until one
 * opens without a second factor, what the intruder does with it, and how it is cleaned up by day. About
 * 110 events in the night eight to ten days before the end. The trail starts at the hour with the most
 * `login.failed`; its addresses lead to the success, whose trace id leads to the rest.
 */
export function securityIncident(world: World, endMs: number, random: Random): Occurrence[] {
  const security = world.workspaceNamed('Security');
  const file: CaseFile = {
    random,
    world,
    nightMs: Math.floor((endMs - DAYS_AGO * DAY_MS) / DAY_MS) * DAY_MS,
    victim: castMember('lukasz.wisniewski@acme.test'),
    production: world.workspaceNamed('Production'),
    security,
    documents: takeDocuments(security, random),
    key: { id: `key_${random.hex(10)}`, name: 'mail sync' },
    webhook: { id: `whk_${random.hex(10)}`, url: 'https://siem.acme.test/audit-stream' },
    alertId: `alr_${random.hex(10)}`,
  };
  return [...attack(file), ...respond(file)];
}

/** Off the shelf, or somebody might delete them before they are stolen. */
function takeDocuments({ documents }: DemoWorkspace, random: Random): DemoDocument[] {
  return Array.from({ length: STOLEN_DOCUMENTS }, () => {
    const document = documents.pickAt(0, random);
    if (document === undefined) throw new RangeError('a workspace without documents');
    documents.remove(document);
    return document;
  });
}
