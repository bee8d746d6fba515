import { setTimeout as wait } from 'node:timers/promises';
import type { Evidence } from './checker/evidence.ts';
import { connect } from './checker/connect.ts';
import { patient } from '../../testing/patience.ts';

const WITHIN_MS = patient(60_000);

/** Waits until every intent has an outcome and every action of a key has evidence. The checker reports the rest. */
export async function untilSettled(evidence: Evidence): Promise<void> {
  const count = async (url: string, table: 'open_intents' | 'audit_outbox'): Promise<number> => {
    const client = await connect(url);
    try {
      const { rows } = await client.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${table} WHERE company_id = $1`,
        [evidence.companyId],
      );
      return rows[0]?.count ?? 0;
    } finally {
      await client.end();
    }
  };
  const deadline = performance.now() + WITHIN_MS;
  while (performance.now() < deadline) {
    const open = await count(evidence.dashboardDatabaseUrl, 'open_intents');
    if (open + (await count(evidence.databaseUrl, 'audit_outbox')) === 0) return;
    await wait(100);
  }
}
