import { expect, test } from 'vitest';
import { CompanyGate } from './company-gate.ts';

const LIMITS = { maxRunning: 3, maxWaiting: 2, maxWaitMs: 50 };

test('a company has its places, and another company is not affected', async () => {
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

test('a transaction that waits too long, or behind too many, is refused with Retry-After', async () => {
  const gate = new CompanyGate(LIMITS);
  const leave = await Promise.all([1, 2, 3].map(() => gate.enter('a')));
  const waiting = [gate.enter('a'), gate.enter('a'), gate.enter('a')];
  for (const result of await Promise.allSettled(waiting)) {
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'RATE_LIMITED', headers: { 'retry-after': '1' } },
    });
  }
  for (const one of leave) one();
  (await gate.enter('a'))();
  expect(gate.size).toBe(0);
});
