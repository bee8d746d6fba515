import { forgetFollowed } from '../exports/follow/followed-exports.ts';
import { forgetRefusal } from '../exports/refused-download.tsx';
import { dismissToasts } from '../ui/overlay/toast.tsx';

/** Clears per-user state outside the query cache, so that the next user of this tab does not see it. */
export function clearSessionCache(): void {
  forgetFollowed();
  dismissToasts();
  forgetRefusal();
}
