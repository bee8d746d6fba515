import type { ErrorCode } from '../server/src/errors.ts';
import type { Role } from '../server/src/tenancy/access.ts';

const ELEVATED: readonly Role[] = ['OWNER', 'ADMIN', 'BILLING'];
export const CALLERS = [...ELEVATED, 'MEMBER', 'SYSTEM', 'anonymous'] as const;
export type Caller = Role | 'anonymous';

/** The subject of a request, from the perspective of a member of one workspace. */
export type Target =
  | 'their workspace'
  | 'their workspace, made by them'
  | 'another workspace'
  | 'the whole company'
  | 'another company';

export type Outcome = 'yes' | ErrorCode;

/** For each target, the responses for elevated roles and for a member. */
export type Expected = Readonly<
  Partial<Record<Target, readonly [elevated: Outcome, member: Outcome]>>
>;

/** An item with an id. Inaccessible items look as if they did not exist. */
export const SEEN: Expected = {
  'their workspace': ['yes', 'yes'],
  'another workspace': ['yes', 'NOT_FOUND'],
  'the whole company': ['yes', 'NOT_FOUND'],
  'another company': ['NOT_FOUND', 'NOT_FOUND'],
};

/** Changing an item with an id. A member may change only their own. */
export const CHANGED: Expected = {
  ...SEEN,
  'their workspace': ['yes', 'PERMISSION_DENIED'],
  'their workspace, made by them': ['yes', 'yes'],
};

/** Querying or exporting events. A member must name a workspace. */
export const ASKED: Expected = {
  'their workspace': ['yes', 'yes'],
  'another workspace': ['yes', 'WORKSPACE_FORBIDDEN'],
  'the whole company': ['yes', 'WORKSPACE_REQUIRED'],
  'another company': ['WORKSPACE_FORBIDDEN', 'WORKSPACE_FORBIDDEN'],
};

/** Creating a persistent item. */
export const MADE: Expected = { ...ASKED, 'the whole company': ['yes', 'PERMISSION_DENIED'] };

/** A list of the items visible to the caller, optionally limited to a workspace. */
export const LISTED: Expected = { ...ASKED, 'the whole company': ['yes', 'yes'] };

/** No subject: the same response for every person. */
export const ANYONE: Expected = { 'the whole company': ['yes', 'yes'] };

/** A single event, which belongs to one workspace. */
export const ONE_EVENT: Expected = {
  'their workspace': ['yes', 'yes'],
  'another workspace': ['yes', 'NOT_FOUND'],
  'another company': ['NOT_FOUND', 'NOT_FOUND'],
};

export interface MatrixRow {
  readonly route: string;
  readonly target: Target;
  readonly cells: readonly Outcome[];
}

const TITLE = `# Who may do what on the dashboard's API

Written by \`server/src/api/dashboard/access-matrix.test.ts\`, which sends every one of these requests; \`npx vitest run server/src/api/dashboard/access-matrix.test.ts -u\` writes it again. The rules are in \`server/src/tenancy/access.ts\`.

The member belongs to one workspace, "their workspace". "anonymous" sends no token. A cell is \`yes\` or the code of the problem.
`;

/** Formats the matrix as a Markdown page. */
export function matrixPage(rows: readonly MatrixRow[]): string {
  const head = `| route | about | ${CALLERS.join(' | ')} |\n| --- | --- |${' --- |'.repeat(CALLERS.length)}`;
  const lines = rows.map(
    ({ route, target, cells }) => `| \`${route}\` | ${target} | ${cells.join(' | ')} |`,
  );
  return `${TITLE}\n${head}\n${lines.join('\n')}\n`;
}
