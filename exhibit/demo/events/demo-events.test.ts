import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseEventsBody } from '../../../server/src/events/ingest/parse-events.ts';
import { DAY_MS, HOUR_MS } from './activity-calendar.ts';
import { CITIES, OFFICES } from './cast.ts';
import type { DemoEvent } from './demo-event.ts';
import { demoEvents } from './demo-events.ts';

const END = new Date('2026-07-01T00:00:00Z');
const WORKSPACES = [
  { id: 'w-production', name: 'Production' },
  { id: 'w-staging', name: 'Staging' },
  { id: 'w-security', name: 'Security' },
];
const OPTIONS = { seed: 'exhibit', count: 20_000, end: END, workspaceIds: WORKSPACES };

let events: readonly DemoEvent[];
let lines: readonly string[];

beforeAll(() => {
  events = [...demoEvents(OPTIONS)];
  lines = events.map((event) => JSON.stringify(event));
});

function digestOfFirst5000(lines: readonly string[]): string {
  return createHash('sha256').update(lines.slice(0, 5_000).join('\n')).digest('hex');
}

function weekdayOf(event: DemoEvent): number {
  return new Date(event.timestamp).getUTCDay();
}

describe('reproducibility', () => {
  test('the same options give the same bytes on every machine', () => {
    const again = [...demoEvents(OPTIONS)].map((event) => JSON.stringify(event));
    expect(digestOfFirst5000(again)).toBe(digestOfFirst5000(lines));
    expect(digestOfFirst5000(lines)).toBe(
      'ab08838fca6166d0a6db96c58d8a8169d066e00e17e095856a8438dc77e56d4b',
    );
  });

  test('another seed gives other events', () => {
    const others = [...demoEvents({ ...OPTIONS, seed: 'other', count: 100 })];
    const first = [...demoEvents({ ...OPTIONS, count: 100 })];
    const shared = others.filter(({ traceId }) => first.some((event) => event.traceId === traceId));
    expect(shared).toEqual([]);
  });
});

test.each([0, 1, 99, 999, 1_000, 20_000])(
  'the generator creates exactly %i events on request',
  (count) => {
    expect([...demoEvents({ ...OPTIONS, count })]).toHaveLength(count);
  },
);

test('events are in strict order of time in the half-year before the end', () => {
  const times = events.map(({ timestamp }) => Date.parse(timestamp));
  for (const [index, time] of times.entries()) {
    expect(time).toBeGreaterThan(times[index - 1] ?? -Infinity);
  }
  const [first = NaN] = times;
  const last = times.at(-1) ?? NaN;
  expect((END.getTime() - first) / DAY_MS).toBeCloseTo(182, 0);
  expect(last).toBeLessThan(END.getTime());
  expect(END.getTime() - last).toBeLessThan(HOUR_MS);
});

test('ingest accepts every event', () => {
  for (let start = 0; start < lines.length; start += 1_000) {
    const body = Buffer.from(`{"events":[${lines.slice(start, start + 1_000).join(',')}]}`);
    const parsed = parseEventsBody(body);
    const items = parsed.kind === 'batch' ? parsed.items : [];
    expect(items).toHaveLength(1_000);
    expect(items.filter((item) => !item.ok)).toEqual([]);
  }
});

test('lines are as long as those of a real audit log', () => {
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  expect(bytes / lines.length).toBeGreaterThan(550);
  expect(bytes / lines.length).toBeLessThan(750);
});

test('idempotency keys are unique within a run and between runs', () => {
  const keys = new Set(events.map((event) => event.idempotencyKey));
  expect(keys.size).toBe(events.length);
  const later = demoEvents({ ...OPTIONS, end: new Date(END.getTime() + DAY_MS) });
  expect([...later].filter((event) => keys.has(event.idempotencyKey))).toEqual([]);
});

describe('a company over half a year', () => {
  test('people work during the day in their time zone and rarely at weekends', () => {
    const perHour = { day: 0, night: 0, weekday: 0, weekend: 0 };
    for (const city of CITIES) {
      const { geo, utcOffsetHours } = OFFICES[city];
      for (const { timestamp } of events.filter((event) => event.geo === geo)) {
        const local = new Date(Date.parse(timestamp) + utcOffsetHours * HOUR_MS);
        const hour = local.getUTCHours();
        if (hour >= 9 && hour < 18) perHour.day += 1 / 9;
        if (hour < 6) perHour.night += 1 / 6;
        const isWeekend = local.getUTCDay() % 6 === 0;
        if (isWeekend) perHour.weekend += 1 / 2;
        else perHour.weekday += 1 / 5;
      }
    }
    expect(perHour.day / perHour.night).toBeGreaterThan(15);
    expect(perHour.weekday / perHour.weekend).toBeGreaterThan(6);
  });

  test('the total activity is lower at weekends and grows', () => {
    const weekend = events.filter((event) => weekdayOf(event) % 6 === 0).length / 2;
    expect((events.length - weekend * 2) / 5 / weekend).toBeGreaterThan(2.5);
    const middleMs = END.getTime() - 91 * DAY_MS;
    const later = events.filter((event) => Date.parse(event.timestamp) >= middleMs).length;
    expect(later / (events.length - later)).toBeGreaterThan(1.1);
    expect(later / (events.length - later)).toBeLessThan(1.4);
  });

  test('every workspace has events and only production has deployments', () => {
    for (const { id } of WORKSPACES) {
      expect(events.filter((event) => event.workspaceId === id).length).toBeGreaterThan(1_000);
    }
    const deployments = events.filter((event) => event.category === 'deployment');
    expect(deployments.length).toBeGreaterThan(100);
    expect(new Set(deployments.map((event) => event.workspaceId))).toEqual(
      new Set(['w-production']),
    );
  });

  test('a single workspace with any name is sufficient and no workspace is rejected', () => {
    const only = [{ id: 'w-only', name: 'Labor' }];
    const all = [...demoEvents({ ...OPTIONS, count: 2_000, workspaceIds: only })];
    expect(new Set(all.map((event) => event.workspaceId))).toEqual(new Set(['w-only']));
    expect(() => [...demoEvents({ ...OPTIONS, workspaceIds: [] })]).toThrow(RangeError);
  });

  test('events have at least 40 pairs of category and action', () => {
    const pairs = new Set(events.map((event) => `${event.category} ${event.action}`));
    expect(pairs.size).toBeGreaterThanOrEqual(40);
  });

  test("a person's session starts with a log-in and has one trace ID and one address", () => {
    const sittings = Map.groupBy(events, (event) => event.traceId);
    const logouts = events.filter((event) => event.action === 'logout');
    expect(logouts.length).toBeGreaterThan(500);
    for (const logout of logouts) {
      const own = (sittings.get(logout.traceId) ?? []).filter(
        (event) => event.actor.id === logout.actor.id,
      );
      expect(own[0]?.action).toMatch(/^(login\.(succeeded|failed)|mfa\.challenged)$/);
      expect(own.filter((event) => event.action === 'login.succeeded')).toHaveLength(1);
      expect(new Set(own.map((event) => event.ipAddress)).size).toBe(1);
      expect(own.at(-1)).toBe(logout);
    }
  });
});

describe('text that exports must preserve', () => {
  test.each<[string, RegExp]>([
    ['accents', /ö|é|ã|Ł/],
    ['Cyrillic', /\p{Script=Cyrillic}/u],
    ['Arabic', /\p{Script=Arabic}/u],
    ['Chinese and Japanese', /\p{Script=Han}/u],
    ['Hangul', /\p{Script=Hangul}/u],
    ['Devanagari', /\p{Script=Devanagari}/u],
    ['beyond the basic plane', /[\u{1F300}-\u{1FAFF}]/u],
    ['an address in another script', /"email":"\p{Script=Cyrillic}/u],
    ['a formula', /"title":"=SUM/],
    ['a tag like a formula', /"tags":\["@oncall"/],
    ['a quote', /\\"/],
    ['a line break', /\\n/],
    ['a long remark', /"text":"[^"]{500,}"/],
    ['an integrity hint', /"integrity":\{"algorithm":"sha256","hash":"[0-9a-f]{64}"\}/],
  ])('some events contain %s', (_, pattern) => {
    expect(lines.some((line) => pattern.test(line))).toBe(true);
  });
});
