import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ActiveCompanies } from './active-companies.ts';
import { CompanyGate } from './company-gate.ts';

const LIMITS = {
  work: 'database queries',
  capacity: 8,
  reserved: 2,
  maxRunning: 3,
  maxWaiting: 2,
  maxWaitMs: 50,
};

test('a company runs at most its share of operations, and another company is not affected', async () => {
  const gate = new CompanyGate(LIMITS);
  const leave = await Promise.all([1, 2, 3].map(() => gate.enter('a')));
  let entered = false;
  const fourth = gate.enter('a').then((leaveFourth) => {
    entered = true;
    return leaveFourth;
  });
  (await gate.enter('b'))();
  expect(entered).toBe(false);
  leave[0]?.();
  (await fourth)();
  leave[1]?.();
  leave[2]?.();
  expect(gate.size).toBe(0);
});

test('an operation that waits too long, or finds too many waiting, is rejected with Retry-After', async () => {
  const gate = new CompanyGate(LIMITS);
  const leave = await Promise.all([1, 2, 3].map(() => gate.enter('a')));
  const waiting = [gate.enter('a'), gate.enter('a'), gate.enter('a')];
  for (const result of await Promise.allSettled(waiting)) {
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'RATE_LIMITED', status: 429, headers: { 'retry-after': '1' } },
    });
  }
  for (const one of leave) one();
  (await gate.enter('a'))();
  expect(gate.size).toBe(0);
});

test('an operation that fails releases its slot', async () => {
  const gate = new CompanyGate({ ...LIMITS, maxRunning: 1 });
  const failing = gate.run('a', () => Promise.reject(new Error('failed')));
  const next = gate.run('a', async () => 'ran');
  await expect(failing).rejects.toThrow('failed');
  expect(await next).toBe('ran');
  expect(gate.size).toBe(0);
});

/** Enters the companies in this order; `leave(company)` releases the oldest slot of a company. */
async function enterAll(gate: CompanyGate, companies: readonly string[]) {
  const entered: string[] = [];
  const leave = new Map<string, (() => void)[]>();
  for (const company of companies)
    void gate.enter(company).then((done) => {
      entered.push(company);
      return leave.set(company, [...(leave.get(company) ?? []), done]);
    });
  await nextTurn();
  return { entered, leave: (company: string) => leave.get(company)?.shift()?.() };
}

test('three companies that want everything leave connections for a fourth one', async () => {
  const gate = new CompanyGate({ ...LIMITS, maxWaiting: 100, maxWaitMs: 60_000 });
  const hostile = ['a', 'b', 'c'].flatMap((company) => Array<string>(20).fill(company));
  const { entered } = await enterAll(gate, hostile);
  expect(entered.length).toBeLessThanOrEqual(7);
  expect(new Set(entered)).toEqual(new Set(['a', 'b', 'c']));
  (await gate.enter('d'))();
});

test('a released connection goes to the waiting company with the fewest running transactions', async () => {
  const gate = new CompanyGate({ ...LIMITS, capacity: 2, reserved: 0, maxWaitMs: 60_000 });
  const { entered, leave } = await enterAll(gate, ['a', 'a', 'a', 'b']);
  expect(entered).toEqual(['a', 'a']);
  leave('a');
  await nextTurn();
  expect(entered).toEqual(['a', 'a', 'b']);
});

test('a company that kept connections busy runs one transaction at a time while others are active', async () => {
  let now = 0;
  const clock = () => now;
  const limits = { ...LIMITS, maxRunningHeavy: 1, maxWaiting: 100, maxWaitMs: 60_000 };
  const gate = new CompanyGate(limits, new ActiveCompanies(clock), clock);
  const { entered, leave } = await enterAll(gate, Array<string>(10).fill('heavy'));
  expect(entered).toHaveLength(3);
  now = 2_000;
  (await gate.enter('other'))();
  leave('heavy');
  leave('heavy');
  await nextTurn();
  expect(entered).toHaveLength(3);
  leave('heavy');
  await nextTurn();
  expect(entered).toHaveLength(4);
  // The other company has sent nothing for a while, so the heavy one gets its whole share again.
  now = 10_000;
  leave('heavy');
  await nextTurn();
  expect(entered).toHaveLength(7);
});

test('a company whose queries are short keeps its whole share while others are active', async () => {
  let now = 0;
  const clock = () => now;
  const gate = new CompanyGate(
    { ...LIMITS, maxRunningHeavy: 1 },
    new ActiveCompanies(clock),
    clock,
  );
  for (let page = 0; page < 20; page += 1) {
    (await gate.enter('other'))();
    const leave = await Promise.all([1, 2, 3].map(() => gate.enter('light')));
    now += 50;
    for (const one of leave) one();
    now += 950;
  }
  expect(gate.size).toBe(0);
});
