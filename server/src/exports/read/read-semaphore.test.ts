import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ReadSemaphore } from './read-semaphore.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const { signal } = new AbortController();

/** Takes a slot in the background and records when it has it. */
function asking(places: ReadSemaphore, name: string, log: string[], stop = signal) {
  return places.take(stop).then((place) => {
    log.push(name);
    return place;
  });
}

test('the semaphore gives out as many slots as it has, then in order of arrival', async () => {
  const places = new ReadSemaphore(2);
  const log: string[] = [];
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => asking(places, name, log));
  await vi.advanceTimersByTimeAsync(499);
  expect(log).toEqual(['a', 'b']);
  expect(places.isIdle).toBe(false);
  (await b)?.[Symbol.dispose]();
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['a', 'b', 'c']);
  for (const place of [a, c]) (await place)?.[Symbol.dispose]();
  (await d)?.[Symbol.dispose]();
  expect(log).toEqual(['a', 'b', 'c', 'd']);
  expect(places.isIdle).toBe(true);
});

test('a slow holder loses its slot after half a second and releases none when it ends', async () => {
  const places = new ReadSemaphore(1);
  const log: string[] = [];
  const slow = await asking(places, 'slow', log);
  const second = asking(places, 'second', log);
  const third = asking(places, 'third', log);
  await vi.advanceTimersByTimeAsync(500);
  expect(log).toEqual(['slow', 'second']);
  slow[Symbol.dispose]();
  slow[Symbol.dispose]();
  await vi.advanceTimersByTimeAsync(499);
  expect(log).toEqual(['slow', 'second']);
  (await second)[Symbol.dispose]();
  (await third)[Symbol.dispose]();
  const [first, last] = [await places.take(signal), asking(places, 'last', log)];
  expect(log).toEqual(['slow', 'second', 'third']);
  first[Symbol.dispose]();
  (await last)[Symbol.dispose]();
  expect(vi.getTimerCount()).toBe(0);
});

test('a released slot goes to the next in line immediately, and only once', async () => {
  const places = new ReadSemaphore(1);
  const log: string[] = [];
  const first = await asking(places, 'first', log);
  const [second, third] = [asking(places, 'second', log), asking(places, 'third', log)];
  first.pass();
  first.pass();
  await second;
  expect(log).toEqual(['first', 'second']);
  expect(places.isIdle).toBe(false);
  first[Symbol.dispose]();
  (await second)[Symbol.dispose]();
  (await third)[Symbol.dispose]();
  expect(places.isIdle).toBe(true);
});

test('a caller that stops waiting takes no slot', async () => {
  const places = new ReadSemaphore(1);
  const log: string[] = [];
  const first = await asking(places, 'first', log);
  const stop = new AbortController();
  const gone = asking(places, 'gone', log, stop.signal);
  const next = asking(places, 'next', log);
  stop.abort(new Error('enough'));
  await expect(gone).rejects.toThrow('enough');
  await expect(places.take(stop.signal)).rejects.toThrow('enough');
  first[Symbol.dispose]();
  (await next)[Symbol.dispose]();
  expect(log).toEqual(['first', 'next']);
  expect(places.isIdle).toBe(true);
});
