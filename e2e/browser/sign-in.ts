import { type APIRequestContext, request } from '@playwright/test';
import type { DemoFile } from '../start-exhibit.ts';

/** The people of the demo: four roles of Acme (the member has the workspace Production only), and Globex's owner. */
export const PEOPLE = {
  owner: { company: 'Acme', role: 'OWNER' },
  admin: { company: 'Acme', role: 'ADMIN' },
  billing: { company: 'Acme', role: 'BILLING' },
  member: { company: 'Acme', role: 'MEMBER' },
  globex: { company: 'Globex', role: 'OWNER' },
} as const satisfies Record<string, { company: string; role: string }>;

export type Who = keyof typeof PEOPLE;

export const EVERYBODY = Object.keys(PEOPLE) as Who[];

/** Cookies of a signed-in person, as `browser.newContext({ storageState })` takes them. */
export type Session = Awaited<ReturnType<APIRequestContext['storageState']>>;

export interface LogIn {
  readonly email: string;
  readonly password: string;
}

/** @throws Error if demo.json has no person with that company and role */
export function logInOf(demo: DemoFile, who: Who): LogIn {
  const { company, role } = PEOPLE[who];
  const companyId = demo.companies.find(({ name }) => name === company)?.id;
  const user = demo.users.find((user) => user.companyId === companyId && user.role === role);
  if (user === undefined) throw new Error(`demo.json has no ${role} of ${company}`);
  return { email: user.email, password: user.password };
}

/** Creates a session with the same request as the sign-in page. */
export async function signIn(dashboardUrl: string, logIn: LogIn): Promise<Session> {
  const context = await request.newContext({ baseURL: dashboardUrl });
  try {
    const { email, password } = logIn;
    const answer = await context.post('/api/auth/sign-in/email', { data: { email, password } });
    if (!answer.ok()) throw new Error(`sign-in of ${email}: ${answer.status()}`);
    return await context.storageState();
  } finally {
    await context.dispose();
  }
}
