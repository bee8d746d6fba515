import type { EventStream } from './bench-events.ts';

const workspace = (number: number) => `0198c1de-0000-7000-8000-0000000000f${number}`;

/** Number of days over which the tenants' events are spread. */
export const DAYS = 30;
/** Has 90% of the events. */
export const LARGE = '0198c1de-0000-7000-8000-000000000011';
/** Has 1% of them. */
export const SMALL = '0198c1de-0000-7000-8000-000000000012';
const OTHER = '0198c1de-0000-7000-8000-000000000013';

/** A large and a small tenant. Benches with ten million rows share them, so that a run can reuse their events. */
export const TENANTS: readonly EventStream[] = [
  { companyId: LARGE, workspaceId: workspace(1), share: 60 },
  { companyId: LARGE, workspaceId: workspace(2), share: 25 },
  { companyId: LARGE, workspaceId: workspace(3), share: 5 },
  { companyId: SMALL, workspaceId: workspace(4), share: 1 },
  { companyId: OTHER, workspaceId: workspace(5), share: 9 },
];
