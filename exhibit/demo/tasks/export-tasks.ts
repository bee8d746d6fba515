import type { Act, Metadata } from '../demo-event.ts';
import { serviceOrigin } from '../origins.ts';
import type { Random } from '../random.ts';
import type { Scene, Step, Task } from '../scene.ts';

const SOURCES = ['audit_log', 'customers', 'invoices', 'usage_events'];

export const EXPORT_TASKS: readonly Task[] = [
  {
    teams: { security: 6, finance: 2.5, leadership: 1, people: 1, sales: 0.8, support: 0.5 },
    perform: exportAndDownload,
  },
];

/** Asked for by the person, carried out by a service under the same trace, fetched by the person. */
function exportAndDownload({ random }: Scene): Step[] {
  const id = `exp_${random.hex(12)}`;
  const source = random.pick(SOURCES);
  const format = random.pick(['JSONL', 'CSV', 'CSV', 'XLSX']);
  const worker = serviceOrigin('export-worker', random);
  const takesMs = random.small(900, 240_000);
  const requested = exportAct(id, 'export.requested', {
    source,
    format,
    filters: { last: random.pick(['24h', '7d', '30d']), columns: random.integer(4, 17) },
  });
  if (random.chance(0.06)) {
    const error = random.pick(['STORE_UNAVAILABLE', 'TIMEOUT', 'TOO_LARGE']);
    const failed = exportAct(id, 'export.failed', { source, error, attempt: random.integer(1, 3) });
    return [
      { afterMs: 0, act: requested },
      { afterMs: takesMs, act: failed, by: worker },
    ];
  }
  const file = exportedFile(random);
  const completed = exportAct(id, 'export.completed', { source, format, ...file, ms: takesMs });
  const downloaded = exportAct(id, 'export.downloaded', { source, format, ...file });
  const fetchedMs = takesMs + random.integer(2_000, 90_000);
  return [
    { afterMs: 0, act: requested },
    { afterMs: takesMs, act: completed, by: worker },
    { afterMs: fetchedMs, act: downloaded },
  ];
}

/** Some rows, their bytes and the file's digest. */
export function exportedFile(random: Random): Metadata {
  const rows = random.small(12, 900_000);
  return { rows, bytes: rows * random.integer(90, 700), integrity: random.integrity() };
}

export function exportAct(id: string, action: string, metadata: Metadata): Act {
  return { category: 'export', action, resource: { type: 'export', id }, metadata };
}
