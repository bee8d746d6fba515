import { keysOf } from './keys-of.ts';

/** What a person can do with a job; which of them apply depends on its state, then on the caller's role. */
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
 * The states of an export job and the ways between them: the one table, asked by the API and the web app.
 * `running → pending` happens when a lease is lost, a worker stops gracefully or an outage stops an attempt.
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

/** The two ends of a transition, for the conditional UPDATE that makes it. A pair not in the table does not compile. */
export function transition<From extends ExportStatus>(
  from: From,
  to: Next<From>,
): { from: From; to: Next<From> } {
  return { from, to };
}

/** For a state that a newer version stored: it is shown by its name, and nothing can be done with the job. */
const UNKNOWN: ExportState = {
  label: 'Unknown',
  tone: 'neutral',
  icon: 'clock',
  terminal: false,
  next: [],
  actions: ['view', 'open-in-explorer'],
};

/** How a state is shown and what it allows, also one that this version does not know. */
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
