import { Problem } from '../../../errors.ts';

/** @throws Problem SOURCE_UNSUPPORTED: archived events come later */
export function requireHotSource(source: string): void {
  if (source === 'HOT') return;
  throw new Problem('SOURCE_UNSUPPORTED', 'Only the source HOT can be exported in this version.', {
    errors: [{ path: 'source', message: 'must be HOT' }],
  });
}
