import { expect, test } from 'vitest';
import { CompanyGate } from './company-gate.ts';
import { Problem } from './errors.ts';

const pending = () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { work: () => promise, resolve };
};

test('searches of one company run three at a time, more wait, and another company runs at once', async () => {
  const gate = new CompanyGate();
  const slow = pending();
  const held = Array.from({ length: 3 }, () => gate.run('a', slow.work));
  const waiting = gate.run('a', async () => 'fourth');
  expect(await gate.run('b', async () => 'other company')).toBe('other company');
  slow.resolve('done');
  expect(await Promise.all(held)).toEqual(['done', 'done', 'done']);
  expect(await waiting).toBe('fourth');
});

test('searches beyond a company’s share are refused with 429 and Retry-After', async () => {
  const gate = new CompanyGate();
  const slow = pending();
  const all = Array.from({ length: 40 }, () => gate.run('a', slow.work));
  // 3 run and 16 wait; the rest is refused at once, those that wait after two seconds.
  const refused = await Promise.allSettled(all.slice(3));
  for (const result of refused) {
    if (result.status === 'fulfilled') throw new Error('was not refused');
    expect(result.reason).toBeInstanceOf(Problem);
    expect((result.reason as Problem).status).toBe(429);
    expect((result.reason as Problem).headers['retry-after']).toBe('1');
  }
  slow.resolve('done');
  expect(await Promise.all(all.slice(0, 3))).toEqual(['done', 'done', 'done']);
  expect(await gate.run('a', async () => 'again')).toBe('again');
});
