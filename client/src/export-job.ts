import type { components } from './generated/openapi.ts';

export type ExportJob = components['schemas']['ExportJob'];
export type ExportStatus = ExportJob['status'];

const HAS_ENDED: Readonly<Record<ExportStatus, boolean>> = {
  pending: false,
  running: false,
  succeeded: true,
  failed: true,
  canceled: true,
};

/** Whether the job has reached a final status. */
export function hasEnded({ status }: Pick<ExportJob, 'status'>): boolean {
  return HAS_ENDED[status];
}
