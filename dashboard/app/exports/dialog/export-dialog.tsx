import { lazy, Suspense } from 'react';
import type { ExportStart } from './export-start.ts';

/** Comes when it is asked for. */
const ExportForm = lazy(async () => ({ default: (await import('./export-form.tsx')).ExportForm }));

interface ExportDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly start: ExportStart;
}

/** Export filtered events: what, how much, in which form, why; then a job. */
export function ExportDialog({ open, onOpenChange, start }: ExportDialogProps) {
  return (
    open && (
      <Suspense>
        <ExportForm start={start} onClose={() => onOpenChange(false)} />
      </Suspense>
    )
  );
}
