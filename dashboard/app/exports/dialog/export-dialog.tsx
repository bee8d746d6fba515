import { lazy, Suspense } from 'react';
import type { ExportStart } from './export-start.ts';

/** Loaded when the dialog is first opened. */
const ExportForm = lazy(async () => ({ default: (await import('./export-form.tsx')).ExportForm }));

interface ExportDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly start: ExportStart;
}

/** The dialog that starts an export: scope, size estimate, format, purpose. */
export function ExportDialog({ open, onOpenChange, start }: ExportDialogProps) {
  return (
    open && (
      <Suspense>
        <ExportForm start={start} onClose={() => onOpenChange(false)} />
      </Suspense>
    )
  );
}
