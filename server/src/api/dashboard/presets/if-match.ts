import type { FastifyRequest } from 'fastify';
import { validationProblem } from '../../../events/validation-problem.ts';
import { versionConflict } from '../../../exports/presets/save-preset.ts';

/** The entity tag of a version. */
export function entityVersion(version: number): string {
  return `"${version}"`;
}

/**
 * A change says which version it was made from by If-Match: `"3"`, or the bare number. Without it, or with
 * `*`, the last writer wins.
 * @throws Problem VERSION_CONFLICT {currentVersion}, VALIDATION_FAILED
 */
export function requireVersion(request: FastifyRequest, version: number): void {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return;
  const tag = /^(?:W\/)?"?(\d{1,15})"?$/.exec(header.trim())?.[1];
  if (tag === undefined)
    throw validationProblem([{ path: 'If-Match', message: 'must be a version, such as "3"' }]);
  if (Number(tag) !== version) throw versionConflict(version);
}
