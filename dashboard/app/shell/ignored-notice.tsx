import type { IgnoredParameter } from '../ignored-parameters.ts';
import { visibleText } from '../format/visible-text.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

interface IgnoredNoticeProps {
  readonly ignored: readonly IgnoredParameter[];
  /** The consequence until it is resolved: "Export and Save view are unavailable until you continue." */
  readonly consequence?: string;
  /** Removes the ignored parameters from the address. */
  readonly onContinue: () => void;
}

/**
 * Lists the ignored parts of the address and the reasons, because a link must not silently show more than it asks
 * for.
 */
export function IgnoredNotice({ ignored, consequence, onContinue }: IgnoredNoticeProps) {
  if (ignored.length === 0) return null;
  const limits = ignored.some((one) => one.limits);
  return (
    <div className="px-4 pt-3 lg:px-6">
      <Notice
        tone={limits ? 'warning' : 'neutral'}
        title={
          limits
            ? 'Part of this link was ignored. You may see more than it asks for'
            : 'Part of this link was ignored. Defaults are used instead'
        }
      >
        <ul className="mt-1 grid gap-0.5">
          {ignored.map(({ name, value, reason }) => (
            <li key={name}>
              <code className="text-xs">{visibleText(`${name}=${value}`)}</code> {reason}
            </li>
          ))}
        </ul>
        <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1">
          <Button size="sm" onClick={onContinue}>
            Ignore and continue
          </Button>
          {limits && consequence !== undefined && <span>{consequence}</span>}
        </div>
      </Notice>
    </div>
  );
}
