import { HOUR_MS } from '../activity-calendar.ts';
import { CAST, personId } from '../cast.ts';
import type { Act } from '../demo-event.ts';
import { guestOrigin } from '../origins.ts';
import { singleAct, type Scene, type Step, type Task } from '../scene.ts';

const GUESTS = [
  'anna',
  'pawel',
  'dmitri',
  'yui',
  'claire',
  'hugo',
  'noor',
  'zsófia',
  'thảo',
  'ömer',
];
const GUEST_DOMAINS = ['brightforge.test', 'andes-consulting.test', 'kontor-nord.test'];

export const PEOPLE_TASKS: readonly Task[] = [
  { teams: { people: 3, security: 0.4, leadership: 0.5 }, elevated: true, perform: inviteGuest },
  { teams: { people: 1, security: 0.5 }, elevated: true, perform: singleAct(deactivateGuest) },
  {
    teams: { people: 0.5, engineering: 0.3, security: 0.8, leadership: 0.4 },
    elevated: true,
    perform: lendRole,
  },
  {
    teams: {
      engineering: 0.3,
      finance: 0.3,
      people: 0.4,
      sales: 0.4,
      support: 0.4,
      contractor: 0.3,
    },
    perform: singleAct(updateProfile),
  },
  {
    teams: { engineering: 0.15, finance: 0.15, sales: 0.2, support: 0.2, contractor: 0.3 },
    perform: singleAct(({ person, random }) => ({
      category: 'auth',
      action: 'password.changed',
      resource: { type: 'user', id: person.id },
      metadata: {
        reason: random.pick(['expired', 'by user']),
        otherSessionsEnded: random.small(0, 4),
      },
    })),
  },
];

function guestEmail({ random }: Scene): string {
  return `${random.pick(GUESTS)}.${random.integer(10, 99)}@${random.pick(GUEST_DOMAINS)}`;
}

function userAct(action: string, email: string, metadata: Act['metadata']): Act {
  return {
    category: 'user',
    action,
    resource: { type: 'user', id: personId(email) },
    metadata: { email, ...metadata },
  };
}

/** Three in four accept, up to four days later. */
function inviteGuest(scene: Scene): Step[] {
  const { random, workspace } = scene;
  const email = guestEmail(scene);
  const invitation = { role: 'MEMBER', workspaces: [workspace.name], expiresInDays: 7 };
  const invited: Step = { afterMs: 0, act: userAct('user.invited', email, { invitation }) };
  if (random.chance(0.25)) return [invited];
  const waitedHours = random.small(1, 96);
  const by = guestOrigin(email, random);
  const accepted = userAct('invitation.accepted', email, {
    waitedHours,
    mfaEnrolled: random.chance(0.7),
  });
  return [invited, { afterMs: waitedHours * HOUR_MS, act: accepted, by }];
}

function deactivateGuest(scene: Scene): Act {
  const { random } = scene;
  return userAct('user.deactivated', guestEmail(scene), {
    reason: random.pick(['contract ended', 'inactive for 90 days', 'left the partner']),
    transferredDocuments: random.small(0, 40),
  });
}

function updateProfile({ person, random }: Scene): Act {
  const field = random.pick(['displayName', 'timezone', 'locale', 'phone']);
  return userAct('user.profile.updated', person.email, { field, displayName: person.name });
}

/** An engineer becomes ADMIN for a while; with two of them, the next change takes a role back. */
function lendRole({ random, world, person }: Scene): Step[] {
  const others = CAST.filter(({ id }) => id !== person.id);
  const lent = others.filter((member) => world.roleOf(member) !== member.role);
  const engineers = others.filter(({ team, role }) => team === 'engineering' && role === 'MEMBER');
  const isReturn = lent.length >= 2 || (lent.length === 1 && random.chance(0.5));
  const member = random.pick(isReturn ? lent : engineers);
  const from = world.roleOf(member);
  const to = isReturn || from === 'ADMIN' ? member.role : 'ADMIN';
  world.setRole(member, to);
  const act: Act = {
    category: 'role',
    action: to === 'ADMIN' ? 'role.assigned' : 'role.removed',
    resource: { type: 'user', id: member.id },
    metadata: {
      user: { email: member.email, name: member.name },
      role: { from, to },
      ticket: `IT-${random.integer(300, 4000)}`,
    },
    tags: ['access-review'],
  };
  return [{ afterMs: 0, act }];
}
