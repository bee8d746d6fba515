import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

/** Content that is hidden until its label is clicked. */
export function Disclosure({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <details className="group text-sm">
      <summary className="inline-flex cursor-pointer list-none items-center gap-1 rounded-sm text-muted hover:text-text">
        <ChevronRight aria-hidden size={14} className="transition-transform group-open:rotate-90" />
        {label}
      </summary>
      <div className="mt-2">{children}</div>
    </details>
  );
}
