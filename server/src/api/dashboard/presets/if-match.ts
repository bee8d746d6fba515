import type { FastifyRequest } from 'fastify';
import { validationProblem } from '../../../events/query/validation-problem.ts';
import { versionConflict } from '../../../exports/presets/save-preset.ts';
import { ANY_VERSION, matchesStrongly, parseEntityTags } from '../../entity-tags.ts';

/** The entity tag of a version. */
export function entityVersion(version: number): string {
  return `"${version}"`;
}

/**
 * Checks the version in If-Match that a change is based on: `"3"`, a list of such tags, or the bare number `3`.
 * Without the header, or with `*`, the last writer wins. A weak tag never matches (RFC 9110, section 13.1.1).
 * @throws Problem VERSION_CONFLICT {currentVersion}, VALIDATION_FAILED
 */
export function requireVersion(request: FastifyRequest, version: number): void {
  const header = request.headers['if-match']?.trim();
  if (header === undefined || header === ANY_VERSION) return;
  const tags = /^\d{1,15}$/.test(header) ? `"${header}"` : header;
  if (parseEntityTags(tags) === undefined)
    throw validationProblem([{ path: 'If-Match', message: 'must be a version, such as "3"' }]);
  if (!matchesStrongly(tags, entityVersion(version))) throw versionConflict(version);
}
