import { pino } from 'pino';
import { expect, test } from 'vitest';
import { ArtifactStoreError, type StoreFindings } from './artifact-store.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { reportArtifactStore } from './report-artifact-store.ts';

async function logged(probe: () => Promise<StoreFindings>): Promise<string[]> {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  await reportArtifactStore(log, 'us', { probe } as ArtifactStore);
  return lines;
}

test('a starting process logs that the artifact store is unusable, with the reason', async () => {
  const error = new ArtifactStoreError('refused', 'Cannot write: s3:PutObject is missing');
  const [line = ''] = await logged(() => Promise.reject(error));
  expect(JSON.parse(line)).toMatchObject({
    level: 50,
    region: 'us',
    msg: expect.stringContaining('is unusable'),
    err: { message: 'Cannot write: s3:PutObject is missing' },
  });
});

test('a starting process logs the consequences of versioning', async () => {
  const notes = ['deleted files remain readable'];
  const lines = await logged(async () => ({ versioning: 'enabled', objectLock: 'off', notes }));
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['artifact store is usable', ...notes]);
});
