import { keysOf } from './keys-of.ts';

/** Actions on a job. The state of the job and then the role of the caller decide which apply. */
export type ExportAction =
  | 'view'
  | 'open-in-explorer'
  | 'cancel'
  | 'download'
  | 'rerun'
  | 'delete-file';

interface ExportState {
  readonly label: string;
  readonly tone: 'neutral' | 'info' | 'success' | 'danger' | 'warning';
  readonly icon: 'clock' | 'progress' | 'check' | 'alert' | 'slash';
  /** A terminal state never changes. */
  readonly terminal: boolean;
  readonly next: readonly ExportStatus[];
  readonly actions: readonly ExportAction[];
}

export type ExportStatus = 'pending' | 'running' | 'succeeded' | 'failed' | 'canceled';

/**
 * The only table of the states of an export job and their transitions; API and web app use it. `running → pending`
 * happens if a lease is lost, a worker stops gracefully or an outage stops an attempt.
 * docs/internals/export-states.md shows it as a diagram; `npm run check` compares the two.
 */
export const EXPORT_STATES = {
  pending: {
    label: 'Pending',
    tone: 'neutral',
    icon: 'clock',
    terminal: false,
    next: ['running', 'canceled'],
    actions: ['view', 'open-in-explorer', 'cancel'],
  },
  running: {
    label: 'Running',
    tone: 'info',
    icon: 'progress',
    terminal: false,
    next: ['succeeded', 'failed', 'canceled', 'pending'],
    actions: ['view', 'open-in-explorer', 'cancel'],
  },
  succeeded: {
    label: 'Succeeded',
    tone: 'success',
    icon: 'check',
    terminal: true,
    next: [],
    actions: ['view', 'open-in-explorer', 'download', 'rerun', 'delete-file'],
  },
  failed: {
    label: 'Failed',
    tone: 'danger',
    icon: 'alert',
    terminal: true,
    next: [],
    actions: ['view', 'open-in-explorer', 'rerun'],
  },
  canceled: {
    label: 'Canceled',
    tone: 'warning',
    icon: 'slash',
    terminal: true,
    next: [],
    actions: ['view', 'open-in-explorer', 'rerun'],
  },
} as const satisfies Record<ExportStatus, ExportState>;

export const EXPORT_STATUSES = keysOf(EXPORT_STATES);

type Next<From extends ExportStatus> = (typeof EXPORT_STATES)[From]['next'][number];

/** Both states of a transition, for its conditional UPDATE. A pair that is not in the table does not compile. */
export function transition<From extends ExportStatus>(
  from: From,
  to: Next<From>,
): { from: From; to: Next<From> } {
  return { from, to };
}

/** For a state stored by a newer version: it is shown by its name, without actions that change the job. */
const UNKNOWN: ExportState = {
  label: 'Unknown',
  tone: 'neutral',
  icon: 'clock',
  terminal: false,
  next: [],
  actions: ['view', 'open-in-explorer'],
};

/** Presentation and actions of a state, also of one that this version does not know. */
export function exportState(status: string): ExportState {
  const known: Readonly<Record<string, ExportState>> = EXPORT_STATES;
  return Object.hasOwn(known, status) ? (known[status] ?? UNKNOWN) : { ...UNKNOWN, label: status };
}

export function isTerminal(status: ExportStatus): boolean {
  return exportState(status).terminal;
}

export function allows(status: ExportStatus, action: ExportAction): boolean {
  return exportState(status).actions.includes(action);
}
