import { expect, test } from 'vitest';
import { FairTurns } from './fair-turns.ts';

/** Work of so many steps of two milliseconds; notes its name at the end. */
function* work(name: string, steps: number, ended: string[]): Generator<void, string> {
  for (let step = 0; step < steps; step += 1) {
    const until = performance.now() + 2;
    while (performance.now() < until) continue;
    yield;
  }
  ended.push(name);
  return name;
}

test('a short body of one company is read while a long one of another is under way', async () => {
  const turns = new FairTurns();
  const ended: string[] = [];
  const long = Array.from({ length: 5 }, (_, n) => turns.run('a', work(`long ${n}`, 50, ended)));
  const short = turns.run('b', work('short', 1, ended));
  expect(await short).toBe('short');
  expect(ended).toEqual(['short']);
  expect(await Promise.all(long)).toHaveLength(5);
});

test('the event loop is free for others between turns', async () => {
  const turns = new FairTurns();
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  await turns.run('a', work('long', 100, []));
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});

test('an error of one body is its own', async () => {
  const turns = new FairTurns();
  function* failing(): Generator<void, void> {
    yield;
    throw new Error('broken');
  }
  const failed = turns.run('a', failing());
  const next = turns.run('a', work('next', 1, []));
  await expect(failed).rejects.toThrow('broken');
  expect(await next).toBe('next');
});
