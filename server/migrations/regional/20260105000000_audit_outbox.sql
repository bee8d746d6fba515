-- Audit rows the dashboard's evidence has not taken over yet: actions of API keys, which never pass the
-- dashboard. Written with the audit row, deleted when the dashboard says it has them, so at least once.
CREATE TABLE audit_outbox (
  company_id uuid NOT NULL,
  audit_id   uuid NOT NULL,
  at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, audit_id),
  CONSTRAINT audit_outbox_audit_fk FOREIGN KEY (company_id, audit_id) REFERENCES audit_log (company_id, audit_id)
);

CREATE INDEX audit_outbox_oldest ON audit_outbox (at, audit_id);

SELECT exhibit_protect('audit_outbox');
GRANT INSERT ON audit_outbox TO exhibit_api;

-- The oldest entries of every company, for the dashboard's own token only.
CREATE FUNCTION exhibit_read_outbox(most integer)
RETURNS TABLE (company_id uuid, audit_id uuid, at timestamptz, action text, actor_type text, actor_id text, actor_label text,
               subject_type text, subject_id text, details json, request_id text, ip text, user_agent text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT a.company_id, a.audit_id, a.at, a.action, a.actor_type, a.actor_id, a.actor_label,
           a.subject_type, a.subject_id, a.details, a.request_id, a.ip, a.user_agent
      FROM public.audit_outbox o
      JOIN public.audit_log a ON a.company_id = o.company_id AND a.audit_id = o.audit_id
     ORDER BY o.at, o.audit_id
     LIMIT most;
END
$$;
REVOKE ALL ON FUNCTION exhibit_read_outbox(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_read_outbox(integer) TO exhibit_api;

CREATE FUNCTION exhibit_ack_outbox(taken uuid[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  deleted integer;
BEGIN
  DELETE FROM public.audit_outbox o WHERE o.audit_id = ANY (taken);
  GET DIAGNOSTICS deleted = ROW_COUNT;
  RETURN deleted;
END
$$;
REVOKE ALL ON FUNCTION exhibit_ack_outbox(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_ack_outbox(uuid[]) TO exhibit_api;
