import { expect, test } from 'vitest';
import { CompanyGate } from './company-gate.ts';

const LIMITS = { work: 'database queries', maxRunning: 3, maxWaiting: 2, maxWaitMs: 50 };

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
