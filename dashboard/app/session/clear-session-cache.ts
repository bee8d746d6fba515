import { forgetFollowed } from '../exports/follow/followed-exports.ts';
import { forgetRefusal } from '../exports/refused-download.tsx';
import { dismissToasts } from '../ui/overlay/toast.tsx';

/** What this tab shows and watches for a person beside the pages' data: not for whoever signs in next. */
export function clearSessionCache(): void {
  forgetFollowed();
  dismissToasts();
  forgetRefusal();
}
