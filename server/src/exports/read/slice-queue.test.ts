import { expect, test } from 'vitest';
import type { Slice } from './read-slice.ts';
import { SliceQueue } from './slice-queue.ts';
import type { IdRange } from './slices.ts';

const range = (lower: string): IdRange => ({ lower, upper: `${lower}z` });

/** A slice without rows that knows its range. */
class FakeSlice implements Slice {
  readonly lower: string;
  readonly end = { rows: 0, rowsSeen: 0, rest: [] };
  stopped = 0;

  constructor({ lower }: IdRange) {
    this.lower = lower;
  }

  async *[Symbol.asyncIterator]() {}

  async stop(): Promise<void> {
    this.stopped += 1;
  }
}

const open = (of: IdRange) => new FakeSlice(of);

/** The remaining slices, by the start of their range. */
function drain(queue: SliceQueue): string[] {
  const taken: string[] = [];
  for (let next = queue.take(open); next !== undefined; next = queue.take(open))
    if (next instanceof FakeSlice) taken.push(next.lower);
  return taken;
}

test('slices are taken in order, whether or not they were prefetched', () => {
  const queue = new SliceQueue([range('a'), range('b'), range('c')]);
  queue.prefetch(open);
  expect(drain(queue)).toEqual(['a', 'b', 'c']);
});

test('the rest of a slice is taken before the slice that was prefetched meanwhile', () => {
  const queue = new SliceQueue([range('a'), range('b'), range('c')]);
  queue.take(open);
  queue.prefetch(open);
  queue.resume([range('a5'), range('a7')]);
  expect(drain(queue)).toEqual(['a5', 'a7', 'b', 'c']);
});

test('the rest of a resumed slice is taken before the prefetched slice', () => {
  const queue = new SliceQueue([range('a'), range('b')]);
  queue.take(open);
  queue.prefetch(open);
  queue.resume([range('a5'), range('a7')]);
  queue.take(open);
  queue.resume([range('a6')]);
  expect(drain(queue)).toEqual(['a6', 'a7', 'b']);
});

test('the rest of a slice can be prefetched if no other slice is prefetched', () => {
  const queue = new SliceQueue([range('a'), range('b')]);
  queue.take(open);
  queue.resume([range('a5')]);
  queue.prefetch(open);
  expect(queue.canPrefetch).toBe(false);
  expect(drain(queue)).toEqual(['a5', 'b']);
});

test('at most one slice is prefetched, and stopping the queue stops it', async () => {
  const queue = new SliceQueue([range('a'), range('b')]);
  expect(queue.canPrefetch).toBe(true);
  const opened: FakeSlice[] = [];
  queue.prefetch((of) => {
    const slice = new FakeSlice(of);
    opened.push(slice);
    return slice;
  });
  expect(queue.canPrefetch).toBe(false);
  await queue.stop();
  expect(opened.map(({ stopped }) => stopped)).toEqual([1]);
});
