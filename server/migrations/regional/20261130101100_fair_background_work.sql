-- Companies with deltas to fold. Walks the primary key from company to company: reading every delta to find the
-- few companies they belong to took as long as the largest backlog, in every round.
CREATE OR REPLACE FUNCTION exhibit_companies_to_fold() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
    WITH RECURSIVE found AS (
      (SELECT d.company_id AS id FROM public.event_rollup_deltas d ORDER BY d.company_id LIMIT 1)
      UNION ALL
      SELECT (SELECT d.company_id FROM public.event_rollup_deltas d WHERE d.company_id > f.id ORDER BY d.company_id LIMIT 1)
        FROM found f WHERE f.id IS NOT NULL)
    SELECT f.id FROM found f WHERE f.id IS NOT NULL;
END
$$;

-- The table is usually almost empty and sometimes holds a backlog. Rows that were folded are dead at once, so it is
-- vacuumed after a fixed number of them instead of a share of its size at the last look.
ALTER TABLE event_rollup_deltas SET (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 20000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000);

-- The oldest outbox entries, from every company in turn: one company's backlog does not delay the evidence of others.
-- Ids of audit rows begin with their time, so the primary key of a company is in the order of time.
CREATE OR REPLACE FUNCTION exhibit_read_outbox(most integer)
RETURNS TABLE (company_id uuid, audit_id uuid, at timestamptz, action text, actor_type text, actor_id text, actor_label text,
               subject_type text, subject_id text, details json, request_id text, ip text, user_agent text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
    WITH RECURSIVE waiting AS (
      (SELECT o.company_id AS id FROM public.audit_outbox o ORDER BY o.company_id LIMIT 1)
      UNION ALL
      SELECT (SELECT o.company_id FROM public.audit_outbox o WHERE o.company_id > w.id ORDER BY o.company_id LIMIT 1)
        FROM waiting w WHERE w.id IS NOT NULL
    ), chosen AS (
      SELECT w.id, t.audit_id, t.at, t.turn
        FROM waiting w
       CROSS JOIN LATERAL (SELECT o.audit_id, o.at, row_number() OVER (ORDER BY o.audit_id) AS turn
                             FROM public.audit_outbox o WHERE o.company_id = w.id
                            ORDER BY o.audit_id LIMIT most) t
       WHERE w.id IS NOT NULL
       ORDER BY t.turn, t.at, t.audit_id
       LIMIT most
    )
    SELECT a.company_id, a.audit_id, a.at, a.action, a.actor_type, a.actor_id, a.actor_label,
           a.subject_type, a.subject_id, a.details, a.request_id, a.ip, a.user_agent
      FROM chosen c
      JOIN public.audit_log a ON a.company_id = c.id AND a.audit_id = c.audit_id
     ORDER BY c.at, c.audit_id;
END
$$;
