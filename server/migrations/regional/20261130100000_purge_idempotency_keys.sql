-- Idempotency keys of exports count for 24 hours; a worker removes older ones, company by company. It may do
-- nothing else with them, so it gets two functions and no privilege on the table.

-- Companies that have keys to remove. Crosses tenants, so it names companies and nothing else.
CREATE FUNCTION exhibit_companies_with_old_keys(max_companies integer)
RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT DISTINCT k.company_id
      FROM public.export_idempotency k
     WHERE k.created_at < now() - interval '24 hours'
     LIMIT max_companies;
END
$$;
REVOKE ALL ON FUNCTION exhibit_companies_with_old_keys(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_companies_with_old_keys(integer) TO exhibit_worker;

CREATE FUNCTION exhibit_purge_old_keys(company uuid, max_keys integer)
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  purged integer;
BEGIN
  DELETE FROM public.export_idempotency k
   WHERE k.company_id = company AND k.created_at < now() - interval '24 hours'
     AND (k.principal, k.key_hash) IN (
       SELECT o.principal, o.key_hash FROM public.export_idempotency o
        WHERE o.company_id = company AND o.created_at < now() - interval '24 hours'
        LIMIT max_keys);
  GET DIAGNOSTICS purged = ROW_COUNT;
  RETURN purged;
END
$$;
REVOKE ALL ON FUNCTION exhibit_purge_old_keys(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_purge_old_keys(uuid, integer) TO exhibit_worker;
