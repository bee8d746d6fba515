import { Problem } from '../../../errors.ts';

/** @throws Problem SOURCE_UNSUPPORTED: archived events cannot be exported yet */
export function requireHotSource(source: string): void {
  if (source === 'HOT') return;
  throw new Problem('SOURCE_UNSUPPORTED', 'This version can export only the source HOT.', {
    errors: [{ path: 'source', message: 'must be HOT' }],
  });
}
