import type { DemoAccount } from '@exhibit/dashboard/demo';
import { DEMO_COMPANIES } from './demo-companies.ts';

/** Fixed and public, so only for the demo. */
const DEMO_PASSWORD = 'exhibit-demo-2026';

/** The log-ins of `npm start`: every role in Acme, a MEMBER with one workspace, and an owner in Globex. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = DEMO_COMPANIES.flatMap((company) => {
  const host = `${company.name.toLowerCase()}.example`;
  const account = (
    name: string,
    role: DemoAccount['role'],
    workspaceIds: readonly string[] = [],
  ) => ({
    email: `${name.split(' ')[0]?.toLowerCase() ?? ''}@${host}`,
    name,
    password: DEMO_PASSWORD,
    role,
    companyId: company.id,
    workspaceIds,
  });
  if (company.name !== 'Acme') return [account('Grace Owner', 'OWNER')];
  const [production] = company.workspaces;
  return [
    account('Olivia Owner', 'OWNER'),
    account('Adam Admin', 'ADMIN'),
    account('Bella Billing', 'BILLING'),
    account('Max Member', 'MEMBER', production === undefined ? [] : [production.id]),
  ];
});
