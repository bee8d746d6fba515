import { beforeAll, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from './activity-calendar.ts';
import type { DemoEvent } from './demo-event.ts';
import { demoEvents } from './demo-events.ts';

const END = new Date('2026-07-01T15:30:00Z');
const WORKSPACES = [
  { id: 'w-production', name: 'Production' },
  { id: 'w-staging', name: 'Staging' },
  { id: 'w-security', name: 'Security' },
];

let events: readonly DemoEvent[];
let failuresByHour: readonly (readonly DemoEvent[])[];

beforeAll(() => {
  const options = { seed: 'exhibit', end: END, workspaceIds: WORKSPACES };
  events = [...demoEvents({ ...options, count: 30_000 })];
  const failures = events.filter((event) => event.action === 'login.failed');
  const hours = Map.groupBy(failures, (event) => event.timestamp.slice(0, 13));
  failuresByHour = [...hours.values()].sort((a, b) => b.length - a.length);
});

/** The addresses behind the hour with the most failed log-ins, where an investigation starts. */
function suspectAddresses(): ReadonlySet<string> {
  const byAddress = Map.groupBy(failuresByHour[0] ?? [], (event) => event.ipAddress);
  return new Set(
    [...byAddress].filter(([, from]) => from.length >= 10).map(([address]) => address),
  );
}

function intruderLogin(): DemoEvent {
  const addresses = suspectAddresses();
  const logins = events.filter(
    (event) => event.action === 'login.succeeded' && addresses.has(event.ipAddress),
  );
  const [login] = logins;
  if (login === undefined || logins.length > 1) throw new Error(`${logins.length} logins`);
  return login;
}

test('one hour of failed log-ins stands out at night, eight to ten days before the end', () => {
  const [worst = [], second = []] = failuresByHour;
  expect(worst.length).toBeGreaterThan(40);
  expect(new Set(worst.map((event) => event.actor.email)).size).toBeGreaterThanOrEqual(20);
  const daysAgo = (END.getTime() - Date.parse(worst[0]?.timestamp ?? '')) / DAY_MS;
  expect(daysAgo).toBeGreaterThan(8);
  expect(daysAgo).toBeLessThan(10);
  const ordinary = second.filter((event) => !suspectAddresses().has(event.ipAddress));
  expect(worst.length).toBeGreaterThan(8 * ordinary.length);
});

test('the addresses of the failed log-ins lead to one log-in without a second factor', () => {
  expect(suspectAddresses().size).toBe(3);
  const login = intruderLogin();
  expect(login.metadata).toMatchObject({ method: 'password', mfa: { used: false } });
  const guesses = events.filter(
    (event) => event.traceId === login.traceId && event.action === 'login.failed',
  );
  expect(guesses.length).toBeGreaterThan(10);
});

test('the trace ID of that log-in leads to the key, the role, the stolen data and the deleted webhook', () => {
  const login = intruderLogin();
  const done = events.filter(
    (event) => event.traceId === login.traceId && event.timestamp > login.timestamp,
  );
  const count = (action: string) => done.filter((event) => event.action === action).length;
  expect(count('api_key.created')).toBe(1);
  expect(count('export.requested')).toBe(3);
  expect(count('export.downloaded')).toBe(3);
  expect(count('document.downloaded')).toBe(4);
  expect(count('webhook.deleted')).toBe(1);
  const granted = done.find((event) => event.action === 'role.assigned');
  expect(granted?.resource.id).toBe(login.actor.id);
  expect(granted?.metadata).toMatchObject({ role: { from: 'MEMBER', to: 'ADMIN' } });
  expect(done.at(-1)?.actor.role).toBe('ADMIN');
  const places = new Set(done.map((event) => event.workspaceId));
  expect(places).toEqual(new Set(['w-production', 'w-security']));
});

test('the security team cleans up in the morning', () => {
  const login = intruderLogin();
  const created = events.find(
    (event) => event.action === 'api_key.created' && event.traceId === login.traceId,
  );
  const revoked = events.find(
    (event) => event.action === 'api_key.revoked' && event.resource.id === created?.resource.id,
  );
  const hoursLater = (Date.parse(revoked?.timestamp ?? '') - Date.parse(login.timestamp)) / HOUR_MS;
  expect(hoursLater).toBeGreaterThan(3);
  expect(hoursLater).toBeLessThan(9);
  const response = events.filter((event) => event.traceId === revoked?.traceId);
  const actions = response.map((event) => event.action);
  expect(actions).toEqual(
    expect.arrayContaining([
      'password.reset',
      'role.removed',
      'incident.opened',
      'document.created',
    ]),
  );
  const keyUses = events.filter(
    (event) => event.action === 'api_key.used' && event.resource.id === created?.resource.id,
  );
  expect(keyUses).toHaveLength(3);
  expect(keyUses.every((use) => use.timestamp < (revoked?.timestamp ?? ''))).toBe(true);
});

test('only the intruder uses those addresses, in about a hundred events', () => {
  const login = intruderLogin();
  const addresses = suspectAddresses();
  const hostile = events.filter((event) => addresses.has(event.ipAddress));
  expect(hostile.length).toBeGreaterThanOrEqual(80);
  expect(hostile.length).toBeLessThanOrEqual(120);
  for (const event of hostile) {
    const hours = (Date.parse(event.timestamp) - Date.parse(login.timestamp)) / HOUR_MS;
    expect(Math.abs(hours)).toBeLessThan(3);
    expect(event.geo).toBe(login.geo);
  }
});
