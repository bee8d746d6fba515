import type { AuditEvent } from '../../api/audit-event.ts';

const HINT =
  /^(?:(?:prev|previous|chain|content|event|payload|record)[_-]?)?(?:hash|digest|checksum|sha-?(?:1|256|512))$|^(?:signature|signed[_-]?by|integrity|merkle[_-]?root)$/i;

/**
 * The metadata keys that a sender uses to prove integrity, such as `hash`, `prevHash`, `signature`. Exhibit does not
 * verify them.
 */
export function integrityHints({ metadata }: AuditEvent): readonly string[] {
  return Object.keys(metadata ?? {}).filter((key) => HINT.test(key));
}
