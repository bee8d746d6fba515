import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { type Tone, TONE_CLASS } from './tone.ts';

interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
  readonly title?: string;
}

export function Badge({ tone = 'neutral', icon: Icon, children, title }: BadgeProps) {
  return (
    <span
      title={title}
      className={classNames(
        'inline-flex h-5.5 items-center gap-1 rounded-md border px-1.5 text-xs font-medium whitespace-nowrap',
        TONE_CLASS[tone],
      )}
    >
      {Icon && <Icon aria-hidden size={12.5} strokeWidth={2.2} />}
      {children}
    </span>
  );
}
