import type { Person } from './cast.ts';
import type { Act, Metadata } from './demo-event.ts';

export function authAct(person: Person, action: string, metadata: Metadata): Act {
  return { category: 'auth', action, resource: { type: 'user', id: person.id }, metadata };
}

export function failedLogin(person: Person, reason: string, attempt: number): Act {
  return authAct(person, 'login.failed', { method: 'password', reason, attempt });
}
