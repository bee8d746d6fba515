import { Ban, CircleAlert, CircleCheck, Clock, LoaderCircle, type LucideIcon } from 'lucide-react';
import { Badge } from '../ui/badge.tsx';
import { type EXPORT_STATES, exportState, type ExportStatus } from './export-state.ts';

const ICONS: Readonly<Record<(typeof EXPORT_STATES)[ExportStatus]['icon'], LucideIcon>> = {
  clock: Clock,
  progress: LoaderCircle,
  check: CircleCheck,
  alert: CircleAlert,
  slash: Ban,
};

interface ExportStatusBadgeProps {
  readonly status: ExportStatus;
  /** True if canceling was requested but is not complete. */
  readonly canceling?: boolean;
}

/** A job's state with the icon, word and tone of the states table. */
export function ExportStatusBadge({ status, canceling = false }: ExportStatusBadgeProps) {
  const { label, tone, icon } = exportState(status);
  return (
    <Badge tone={canceling ? 'warning' : tone} icon={ICONS[icon]}>
      {canceling ? 'Canceling…' : label}
    </Badge>
  );
}
