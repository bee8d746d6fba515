import { createEventId } from '../../event-id.ts';
import { execute, type Queryable, sql } from '../../regions/sql.ts';

interface OperatorAction {
  readonly companyId: string;
  readonly action: 'COMPANY_SETTINGS_CHANGED';
  readonly details: Readonly<Record<string, string>>;
}

/** Records an operator's change from the command line in the company's audit log, in the same transaction. */
export async function auditOperator(
  client: Queryable,
  { companyId, action, details }: OperatorAction,
): Promise<void> {
  await execute(
    client,
    sql`
      INSERT INTO audit_log (company_id, audit_id, action, actor_type, actor_id, actor_label, subject_type, subject_id, details)
      VALUES (${companyId}, ${createEventId(Date.now() * 1000)}, ${action}, 'system', 'operator', 'Operator (command line)',
        'company', ${companyId}, ${JSON.stringify(details)}::json)`,
  );
}
