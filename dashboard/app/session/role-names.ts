import type { Role } from '../api/me.ts';

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  OWNER: 'Owner',
  ADMIN: 'Admin',
  BILLING: 'Billing',
  MEMBER: 'Member',
};

/** What a role may do, in a line. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  OWNER: 'Everything, owners included',
  ADMIN: 'Everything but making or removing owners',
  BILLING: 'Sees and exports the whole company',
  MEMBER: 'Sees and exports their own workspaces',
};
