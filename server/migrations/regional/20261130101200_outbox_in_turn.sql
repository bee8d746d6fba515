-- As before, but in the order of turns: the oldest entry of every company, then the second oldest, and so on. The
-- reader ends a page by bytes, and in the order of time one company's large entries would fill every page.
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
     ORDER BY c.turn, c.at, c.audit_id;
END
$$;
