-- A clock that was put back leaves times behind that lie ahead: a dead worker's lease, a queue entry that is to be
-- handed out later, a task of the region that was just begun. They would hold exports up for as long as the step was.
-- Each is brought to what it can be at most; who lives renews its own within seconds anyhow. A minute's grace: only
-- a step is meant, not what another session's now() differs by.
CREATE FUNCTION exhibit_heed_clock(longest_lease interval)
RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  ahead constant timestamptz := now() + interval '1 minute';
  jobs bigint;
  entries bigint;
  tasks bigint;
BEGIN
  UPDATE public.export_jobs
     SET lease_expires_at = least(lease_expires_at, now() + longest_lease), woken_at = least(woken_at, now())
   WHERE status IN ('pending', 'running') AND (lease_expires_at > ahead OR woken_at > ahead);
  GET DIAGNOSTICS jobs = ROW_COUNT;
  -- No entry is put off for more than seconds (settle-attempt.ts).
  UPDATE pgboss.job SET start_after = least(start_after, now()), heartbeat_on = least(heartbeat_on, now())
   WHERE name = 'exports' AND state IN ('created', 'retry', 'active') AND (start_after > ahead OR heartbeat_on > ahead);
  GET DIAGNOSTICS entries = ROW_COUNT;
  UPDATE public.chores SET begun_at = now() WHERE begun_at > ahead;
  GET DIAGNOSTICS tasks = ROW_COUNT;
  RETURN jobs + entries + tasks;
END
$$;
REVOKE ALL ON FUNCTION exhibit_heed_clock(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_heed_clock(interval) TO exhibit_worker;

-- A pending job that was asked for before the step is looked after as well.
CREATE OR REPLACE FUNCTION exhibit_stranded_exports(pending_for interval, most integer)
RETURNS TABLE (company_id uuid, job_id uuid, status text, lease bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT j.company_id, j.job_id, j.status, j.lease
      FROM public.export_jobs j
     WHERE j.status IN ('pending', 'running')
       AND ((j.status = 'running' AND j.lease_expires_at < now())
         OR (j.status = 'pending' AND j.waiting_since IS NULL
             AND (j.created_at < now() - pending_for OR j.created_at > now() + interval '1 minute')))
     ORDER BY j.status = 'pending', j.job_id
     LIMIT most;
END
$$;
