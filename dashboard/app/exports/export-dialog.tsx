import { ExportForm } from './export-form.tsx';
import type { ExportStart } from './export-start.ts';

interface ExportDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly start: ExportStart;
}

/** Export filtered events: what, how much, in which form, why; then a job. */
export function ExportDialog({ open, onOpenChange, start }: ExportDialogProps) {
  return open && <ExportForm start={start} onClose={() => onOpenChange(false)} />;
}
