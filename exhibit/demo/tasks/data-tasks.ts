import { singleAct, type Task } from '../scene.ts';

const DATASETS = ['customers', 'invoices', 'usage_events', 'support_tickets', 'employees'];
const QUERIES = [
  "select plan, count(*) from customers where status = 'active' group by plan",
  'select * from "usage_events" where day >= current_date - 7 limit 1000',
  "select email from customers where name ilike '%müller%'",
  'select sum(amount_cents) / 100.0 as "Umsatz €"\nfrom invoices\nwhere paid_at is not null',
];

export const DATA_TASKS: readonly Task[] = [
  {
    teams: { support: 14, finance: 5, sales: 5, people: 4, security: 2, contractor: 1 },
    perform: singleAct(({ random }) => {
      const dataset = random.pick(DATASETS);
      return {
        category: 'data_access',
        action: 'record.viewed',
        resource: { type: 'record', id: `${dataset}/${random.integer(1000, 99_999)}` },
        metadata: {
          dataset,
          fields: random.pick([
            ['name', 'email'],
            ['email', 'phone', 'address'],
            ['plan', 'mrr'],
          ]),
          reason: `ticket SUP-${random.integer(2000, 9999)}`,
        },
        ...(random.chance(0.3) ? { tags: ['pii'] } : {}),
      };
    }),
  },
  {
    teams: { engineering: 7, finance: 3, security: 5, contractor: 2 },
    perform: singleAct(({ random }) => ({
      category: 'data_access',
      action: 'query.executed',
      resource: { type: 'dataset', id: random.pick(DATASETS) },
      metadata: {
        query: random.pick(QUERIES),
        rows: random.small(0, 50_000),
        scannedBytes: random.small(4_096, 9_000_000_000),
        durationMs: random.small(3, 12_000),
      },
    })),
  },
];
