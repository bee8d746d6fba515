import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ActiveCompanies } from '../../../http-edge/active-companies.ts';
import { FairTurns } from './fair-turns.ts';

/** Work of the given number of steps of two milliseconds; appends its name to the list at the end. */
function* work(name: string, steps: number, ended: string[]): Generator<void, string> {
  for (let step = 0; step < steps; step += 1) {
    const until = performance.now() + 2;
    while (performance.now() < until) continue;
    yield;
  }
  ended.push(name);
  return name;
}

test('a short body of one company is read while a long body of another company is being read', async () => {
  const turns = new FairTurns();
  const ended: string[] = [];
  const long = Array.from({ length: 5 }, (_, n) => turns.run('a', work(`long ${n}`, 50, ended)));
  const short = turns.run('b', work('short', 1, ended));
  expect(await short).toBe('short');
  expect(ended).toEqual(['short']);
  expect(await Promise.all(long)).toHaveLength(5);
});

test('the event loop is free for other work between turns', async () => {
  const turns = new FairTurns();
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  await turns.run('a', work('long', 100, []));
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});

test('an error in one body does not affect the others', async () => {
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

/** The median time of ten rounds of the event loop while the work of one company is running. */
async function typicalWaitMs(turns: FairTurns): Promise<number> {
  const waits: number[] = [];
  let working = true;
  const done = turns.run('heavy', work('long', 250, [])).then(() => (working = false));
  await sleep(250);
  // oxlint-disable-next-line no-unmodified-loop-condition -- set when the work above is done
  while (working) {
    const start = performance.now();
    for (let round = 0; round < 10; round += 1) await nextTurn();
    waits.push(performance.now() - start);
    await sleep(10);
  }
  await done;
  return waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)] ?? Number.NaN;
}

test('a company that uses the thread all the time pauses while other companies are active', async () => {
  const alone = await typicalWaitMs(new FairTurns());
  const active = new ActiveCompanies();
  const timer = setInterval(() => active.see('other'), 10);
  const contested = await typicalWaitMs(new FairTurns(active));
  clearInterval(timer);
  expect(contested).toBeLessThan(alone);
});
