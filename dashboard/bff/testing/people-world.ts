import { ROLES, type Role } from '../auth/member.ts';
import type { ErrorCode } from '../errors.ts';
import { type Browser, signIn, type TestCompany } from './test-dashboard.ts';

/** A person in the model. */
export interface Person {
  readonly userId: string;
  readonly email: string;
  readonly company: Company;
  readonly browser: Browser;
  role: Role;
  readonly workspaceIds: Set<string>;
}

export interface Company {
  readonly id: string;
  readonly name: string;
  /** Id → name. */
  readonly workspaces: Map<string, string>;
  /** Id → email. */
  readonly invitations: Map<string, string>;
  readonly members: Map<string, Person>;
}

/** Random numbers that choose the caller, the request and its target. */
export type RandomChoice = readonly [
  caller: number,
  act: number,
  target: number,
  place: number,
  role: number,
];

/** A request, the outcomes that the model allows, and its effect on the model. */
export interface Step {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** The error codes that are allowed. If the list is empty, the request must succeed. */
  readonly refusals: readonly ErrorCode[];
  /** Compares a successful response with the model or applies it to the model. */
  readonly done?: (
    answer: Record<string, unknown>,
  ) => { readonly seen: unknown; readonly due: unknown } | void;
}

export async function enterCompany(url: string, test: TestCompany): Promise<Company> {
  const company: Company = {
    id: test.id,
    name: test.name,
    workspaces: new Map(test.workspaceIds.map((id, index) => [id, `Workspace ${index}`])),
    invitations: new Map(),
    members: new Map(),
  };
  for (const role of ROLES) {
    const browser = await signIn(url, test.email(role));
    const me = (await browser.json('GET', '/api/me')) as { user: { id: string } };
    company.members.set(me.user.id, {
      userId: me.user.id,
      email: test.email(role),
      company,
      browser,
      role,
      workspaceIds: new Set(role === 'MEMBER' ? [test.workspaceIds[0]] : []),
    });
  }
  return company;
}

/** All IDs, names and addresses that identify a company in a response. */
export function marksOf({ id, name, workspaces, invitations, members }: Company): string[] {
  const people = [...members.values()].flatMap(({ userId, email }) => [userId, email]);
  return [
    id,
    name,
    ...workspaces.keys(),
    ...invitations.keys(),
    ...invitations.values(),
    ...people,
  ];
}

/** Chooses the next request of this caller. `target` and `place` may belong to either company. */
export function nextStep(
  caller: Person,
  [, act, , , roleDie]: RandomChoice,
  { target, place, invitation }: { target: Person; place: string; invitation: string },
): Step {
  const { company, role } = caller;
  const administers = role === 'OWNER' || role === 'ADMIN';
  const gate: ErrorCode[] = administers ? [] : ['PERMISSION_DENIED'];
  const sees = () =>
    [...company.workspaces.keys()]
      .filter((id) => role !== 'MEMBER' || caller.workspaceIds.has(id))
      .sort();
  const isOurs = company.members.get(target.userId) === target;
  const isOurPlace = company.workspaces.has(place);
  const wanted = ROLES[roleDie % ROLES.length] ?? 'MEMBER';
  const owners = [...company.members.values()].filter((one) => one.role === 'OWNER');
  const touchesOwner = (roles: readonly Role[]): ErrorCode[] =>
    role !== 'OWNER' && roles.includes('OWNER') ? ['PERMISSION_DENIED'] : [];
  const keepsOwner = (stays: boolean): ErrorCode[] =>
    target.role === 'OWNER' && !stays && owners.length === 1 ? ['LAST_OWNER'] : [];
  const when = (wrong: boolean, code: ErrorCode): ErrorCode[] => (wrong ? [code] : []);
  const steps: readonly (() => Step)[] = [
    () => ({
      method: 'GET',
      path: '/api/me',
      refusals: [],
      done: (me) => ({ seen: [idsOf(me['workspaces']), me['role']], due: [sees(), role] }),
    }),
    () => ({
      method: 'GET',
      path: '/api/workspaces',
      refusals: [],
      done: ({ data }) => ({ seen: idsOf(data), due: sees() }),
    }),
    () => ({
      method: 'GET',
      path: '/api/members',
      refusals: gate,
      done: ({ data }) => ({
        seen: inOrder(
          (data as Person[]).map(({ userId, role: theirs, workspaceIds }) => [
            userId,
            theirs,
            [...workspaceIds].sort(),
          ]),
        ),
        due: peopleOf(company),
      }),
    }),
    () => ({
      method: 'PATCH',
      path: `/api/members/${target.userId}`,
      body: { role: wanted, workspaceIds: [place] },
      refusals: [
        ...gate,
        ...when(!isOurs, 'NOT_FOUND'),
        ...touchesOwner([target.role, wanted]),
        ...keepsOwner(wanted === 'OWNER'),
        ...when(!isOurPlace, 'VALIDATION_FAILED'),
      ],
      done: () => {
        target.role = wanted;
        target.workspaceIds.clear();
        target.workspaceIds.add(place);
      },
    }),
    () => ({
      method: 'DELETE',
      path: `/api/members/${target.userId}`,
      refusals: [
        ...gate,
        ...when(!isOurs, 'NOT_FOUND'),
        ...touchesOwner([target.role]),
        ...keepsOwner(false),
      ],
      done: () => void company.members.delete(target.userId),
    }),
    () => ({
      method: 'PATCH',
      path: `/api/workspaces/${place}`,
      body: { name: `Renamed ${crypto.randomUUID()}` },
      refusals: [...gate, ...when(!isOurPlace, 'NOT_FOUND')],
      done: ({ name }) => void company.workspaces.set(place, String(name)),
    }),
    () => ({
      method: 'PUT',
      path: `/api/workspaces/${place}/members`,
      body: { userIds: [target.userId] },
      refusals: [...gate, ...when(!isOurPlace, 'NOT_FOUND'), ...when(!isOurs, 'VALIDATION_FAILED')],
      done: () => {
        for (const one of company.members.values()) one.workspaceIds.delete(place);
        target.workspaceIds.add(place);
      },
    }),
    () => ({
      method: 'POST',
      path: '/api/workspaces',
      body: { name: `New ${crypto.randomUUID()}` },
      refusals: gate,
      done: ({ id, name }) => void company.workspaces.set(String(id), String(name)),
    }),
    () => {
      const email = `${crypto.randomUUID()}@${company.id}.test`;
      return {
        method: 'POST',
        path: '/api/invitations',
        body: { email, role: wanted, workspaceIds: [place] },
        refusals: [...gate, ...touchesOwner([wanted]), ...when(!isOurPlace, 'VALIDATION_FAILED')],
        done: ({ id }) => void company.invitations.set(String(id), email),
      };
    },
    () => ({
      method: 'GET',
      path: '/api/invitations',
      refusals: gate,
      done: ({ data }) => ({ seen: idsOf(data), due: [...company.invitations.keys()].sort() }),
    }),
    () => ({
      method: 'DELETE',
      path: `/api/invitations/${invitation}`,
      refusals: [...gate, ...when(!company.invitations.has(invitation), 'NOT_FOUND')],
      done: () => void company.invitations.delete(invitation),
    }),
    () => ({ method: 'GET', path: '/api/evidence?limit=200', refusals: gate }),
    () => ({ method: 'GET', path: '/api/evidence?format=csv', refusals: gate }),
    () => ({
      method: 'GET',
      path: `/api/evidence?user=${target.userId}&limit=200`,
      refusals: gate,
    }),
  ];
  return (
    (steps[act % steps.length] ?? steps[0])?.() ?? { method: 'GET', path: '/api/me', refusals: [] }
  );
}

/** `[userId, role, workspaceIds]` of every member, in order. */
export function peopleOf({ members }: Company): unknown[] {
  return inOrder(
    [...members.values()].map(({ userId, role, workspaceIds }) => [
      userId,
      role,
      [...workspaceIds].sort(),
    ]),
  );
}

/** Sorts rows by their content, so that two lists can be compared. */
export function inOrder(rows: readonly (readonly unknown[])[]): unknown[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function idsOf(data: unknown): string[] {
  return (data as { id: string }[]).map(({ id }) => id).sort();
}
