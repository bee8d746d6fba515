import type { Role } from '../api/me.ts';

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  OWNER: 'Owner',
  ADMIN: 'Admin',
  BILLING: 'Billing',
  MEMBER: 'Member',
};

/** One line about each role's access. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  OWNER: 'Full access, including managing owners',
  ADMIN: 'Full access, except adding or removing owners',
  BILLING: 'View and export events of the whole company',
  MEMBER: 'View and export events of their own workspaces',
};
