import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Evidence } from './checker/evidence.ts';

/** A successful plain JSONL export and everything needed to corrupt it. */
export interface Victim {
  readonly owner: pg.Pool;
  /** The dashboard's database with the owner role. */
  readonly dashboard: pg.Pool;
  readonly evidence: Evidence;
  readonly jobId: string;
  readonly key: string;
  /** The lines of the file without newlines. */
  readonly lines: readonly string[];
}

/** Creates the state that a broken engine would leave. */
export interface SeededBug {
  readonly name: string;
  /** The message that the checker must report. */
  readonly caught: RegExp;
  readonly seed: (victim: Victim) => Promise<void>;
}

/** Publishes these bytes as if the engine had written them, with matching digests, size and count. */
export async function publish(
  victim: Pick<Victim, 'owner' | 'evidence' | 'jobId' | 'key'>,
  content: string,
  rows: number,
): Promise<void> {
  await fetch(objectUrl(victim), { method: 'PUT', body: content });
  const digest = createHash('sha256').update(content).digest();
  await victim.owner.query(
    `UPDATE export_jobs SET bytes = $2, sha256 = $3, content_sha256 = $3, rows_exported = $4 WHERE job_id = $1`,
    [victim.jobId, Buffer.byteLength(content), digest, rows],
  );
}

async function publishLines(victim: Victim, lines: readonly string[]): Promise<void> {
  await publish(victim, lines.map((line) => `${line}\n`).join(''), lines.length);
}

export function objectUrl({ evidence, key }: Pick<Victim, 'evidence' | 'key'>): string {
  return `${evidence.bucketUrl}/${evidence.prefix}${key}`;
}

const job = (assignment: string) => async (victim: Victim) => {
  await victim.owner.query(`UPDATE export_jobs SET ${assignment} WHERE job_id = $1`, [
    victim.jobId,
  ]);
};

const dashboard =
  (...statements: readonly string[]) =>
  async (victim: Victim) => {
    for (const statement of statements) await victim.dashboard.query(statement);
  };

export function idOf(line = '{}'): string {
  return (JSON.parse(line) as { id?: string }).id ?? '';
}

const middle = ({ lines }: Victim) => Math.floor(lines.length / 2);

export const SEEDED_BUGS: readonly SeededBug[] = [
  {
    name: 'a dropped row',
    caught: /line \d+ of \d+ is not event/,
    seed: (victim) => publishLines(victim, victim.lines.toSpliced(middle(victim), 1)),
  },
  {
    name: 'a dropped last row',
    caught: /is not event/,
    seed: (victim) => publishLines(victim, victim.lines.slice(0, -1)),
  },
  {
    name: 'a duplicated row',
    caught: /line \d+ of \d+ is not event/,
    seed: (victim) =>
      publishLines(
        victim,
        victim.lines.toSpliced(middle(victim), 0, victim.lines[middle(victim)] ?? ''),
      ),
  },
  {
    name: 'a row of another tenant',
    caught: /\d+ lines, \d+ events/,
    seed: (victim) => publishLines(victim, [...victim.lines, '{"companyId":"another"}']),
  },
  {
    name: 'two rows in the wrong order',
    caught: /line \d+ of \d+ is not event/,
    seed: (victim) => {
      const [a = '', b = ''] = victim.lines.slice(middle(victim));
      return publishLines(victim, victim.lines.toSpliced(middle(victim), 2, b, a));
    },
  },
  {
    name: 'a changed digit in a row',
    caught: /line \d+ of \d+ is not event/,
    seed: (victim) => {
      const changed = (victim.lines[5] ?? '').replace(/\d/, '9').replace(/"seats":\d/, '"seats":x');
      return publishLines(victim, victim.lines.with(5, changed));
    },
  },
  {
    name: 'an event from after the cut',
    caught: /its cut has \d+ events, the job says/,
    seed: async (victim) => {
      await victim.owner.query(
        `UPDATE export_jobs SET cut = (SELECT jsonb_object_agg(key, value::bigint / 2) FROM jsonb_each_text(cut)) WHERE job_id = $1`,
        [victim.jobId],
      );
    },
  },
  {
    name: 'a cut and a file that omit an existing event',
    caught: /its cut omits event .*, which was acknowledged before the request/,
    seed: async (victim) => {
      await publish(victim, '', 0);
      await job(`cut = '{}'`)(victim);
    },
  },
  {
    name: 'a published partial file',
    caught: /the last line has no line end/,
    seed: (victim) => {
      const whole = victim.lines.map((line) => `${line}\n`).join('');
      return publish(victim, whole.slice(0, whole.length / 2), victim.lines.length);
    },
  },
  {
    name: 'success without a file',
    caught: /its file is missing/,
    seed: async (victim) => {
      await fetch(objectUrl(victim), { method: 'DELETE' });
    },
  },
  {
    name: 'a file that does not match its digest',
    caught: /the file does not match its digest/,
    seed: job(`sha256 = sha256('other')`),
  },
  {
    name: 'a job that never ends',
    caught: /is pending and not terminal/,
    // Make it look newly woken: an old job without a queue entry would be recovered before the check.
    seed: job(`status = 'pending', waiting_since = now(), woken_at = now()`),
  },
  {
    name: 'a lost job that was accepted',
    caught: /it was accepted but is not in the database/,
    seed: async ({ evidence }) => {
      const [asked] = evidence.jobs.values();
      if (asked !== undefined) evidence.jobs.set('00000000-0000-7000-8000-000000000000', asked);
    },
  },
  {
    name: 'a lost audit row of a request',
    caught: /0 audit rows for its request/,
    seed: async ({ owner, jobId }) => {
      await owner.query(`UPDATE audit_log SET subject_id = 'unknown' WHERE subject_id = $1`, [
        jobId,
      ]);
    },
  },
  {
    name: 'an orphaned object in the store',
    caught: /orphan in the store/,
    seed: async ({ evidence }) => {
      await fetch(`${evidence.bucketUrl}/${evidence.prefix}exports/orphan`, {
        method: 'PUT',
        body: 'x',
      });
    },
  },
  {
    name: 'an unfinished upload',
    caught: /unfinished upload in the store/,
    seed: async ({ evidence }) => {
      await fetch(`${evidence.bucketUrl}/${evidence.prefix}exports/half?uploads`, {
        method: 'POST',
      });
    },
  },
  {
    name: 'a lost event that was acknowledged',
    caught: /was acknowledged, found 0/,
    seed: async ({ evidence }) => {
      (evidence.acknowledgedEvents as Set<string>).add('00000000-0000-7000-8000-000000000000');
    },
  },
  {
    name: 'an event number that is used twice or skipped',
    caught: /have a gap or a duplicate/,
    seed: async ({ owner, evidence, lines }) => {
      await owner.query(`UPDATE events SET seq = seq + 1000000 WHERE company_id = $1 AND id = $2`, [
        evidence.companyId,
        idOf(lines[0]),
      ]);
    },
  },
  {
    name: 'a lost outcome of a download in the evidence',
    caught: /EXPORT_DOWNLOAD_STARTED\): has 0 outcomes/,
    seed: dashboard(`DELETE FROM evidence WHERE action::text = 'EXPORT_DOWNLOAD_COMPLETED'`),
  },
  {
    name: 'a download without any evidence',
    caught: /download of job .*: status 200, 0 intents/,
    seed: dashboard(`DELETE FROM evidence WHERE action::text LIKE 'EXPORT_DOWNLOAD_%'`),
  },
  {
    name: 'a request without any evidence',
    caught: /audit row of EXPORT_REQUESTED, no evidence/,
    seed: dashboard(
      `DELETE FROM evidence WHERE action::text = 'EXPORT_REQUESTED' AND actor_type = 'user'`,
    ),
  },
  {
    name: 'a duplicated outcome',
    caught: /EXPORT_REQUESTED\): has 2 outcomes/,
    seed: dashboard(
      'ALTER TABLE evidence DROP CONSTRAINT evidence_settles_key',
      `INSERT INTO evidence (company_id, evidence_id, action, settles, outcome, actor_type, actor_id, actor_label, job_id)
       SELECT company_id, gen_random_uuid(), action, settles, outcome, actor_type, actor_id, actor_label, job_id
       FROM evidence WHERE settles IS NOT NULL AND action::text = 'EXPORT_REQUESTED'`,
    ),
  },
  {
    name: 'an intent that is never settled',
    caught: /its outcome is still pending/,
    seed: dashboard(
      // Assign it to a live process, so that no reconciler settles it before the check.
      `INSERT INTO open_intents (company_id, evidence_id, process_id)
       SELECT company_id, evidence_id, (SELECT process_id FROM dashboard_processes ORDER BY seen_at DESC LIMIT 1)
       FROM evidence WHERE action::text = 'EXPORT_DOWNLOAD_STARTED'`,
    ),
  },
  {
    name: 'an existing job whose evidence says that it was not created',
    caught: /exists, but the evidence of its request says NOT_DONE/,
    seed: dashboard(
      `UPDATE evidence SET outcome = 'NOT_DONE' WHERE settles IS NOT NULL AND action::text = 'EXPORT_REQUESTED'`,
    ),
  },
  {
    name: 'an incomplete download recorded as complete',
    caught: /completed with \d+ of \d+ bytes/,
    seed: dashboard(
      `UPDATE evidence SET bytes = bytes - 1 WHERE action::text = 'EXPORT_DOWNLOAD_COMPLETED'`,
    ),
  },
  {
    name: 'a complete download recorded as aborted',
    caught: /the file arrived completely, its outcome is CLIENT_DISCONNECTED/,
    seed: dashboard(
      `UPDATE evidence SET action = 'EXPORT_DOWNLOAD_ABORTED', outcome = 'CLIENT_DISCONNECTED'
       WHERE action::text = 'EXPORT_DOWNLOAD_COMPLETED'`,
    ),
  },
  {
    name: 'an action of an API key that is missing in the evidence',
    caught: /audit row .*: 0 rows of evidence/,
    seed: dashboard('DELETE FROM evidence WHERE outbox_id IS NOT NULL'),
  },
  {
    name: 'an action of an API key that is in the evidence twice',
    caught: /audit row .*: 2 rows of evidence/,
    seed: dashboard(
      'ALTER TABLE evidence DROP CONSTRAINT evidence_outbox_key',
      `INSERT INTO evidence (company_id, evidence_id, action, outcome, actor_type, actor_id, actor_label, job_id, outbox_id)
       SELECT company_id, gen_random_uuid(), action, outcome, actor_type, actor_id, actor_label, job_id, outbox_id
       FROM evidence WHERE outbox_id IS NOT NULL`,
    ),
  },
];
