-- At most N exports of a company run at once. Whoever starts one, or finds that it must wait, holds the company's
-- row meanwhile: so the count is strict however many workers there are, and no free slot is overlooked.
CREATE TABLE export_slots (
  company_id uuid PRIMARY KEY,
  CONSTRAINT export_slots_company_fk FOREIGN KEY (company_id) REFERENCES companies (company_id)
);
SELECT exhibit_protect('export_slots');
GRANT SELECT, INSERT ON export_slots TO exhibit_api, exhibit_worker;
-- Nobody updates it: SELECT … FOR UPDATE asks for the privilege.
GRANT UPDATE (company_id) ON export_slots TO exhibit_api, exhibit_worker;

-- A pending job that waits for a slot has no queue entry, so a backlog of one company stands in nobody's way.
-- When a slot is free, the oldest is woken: it gets an entry, and woken_at says since when.
ALTER TABLE export_jobs ADD COLUMN waiting_since timestamptz, ADD COLUMN woken_at timestamptz;
GRANT UPDATE (waiting_since, woken_at) ON export_jobs TO exhibit_api, exhibit_worker;
CREATE INDEX export_jobs_waiting ON export_jobs (company_id, created_at, job_id)
  WHERE status = 'pending' AND waiting_since IS NOT NULL;

-- Jobs nobody works on, now without those that wait for a slot, and lost workers' jobs first: many pending ones
-- must not hide them.
CREATE OR REPLACE FUNCTION exhibit_stranded_exports(pending_for interval, most integer)
RETURNS TABLE (company_id uuid, job_id uuid, status text, lease bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT j.company_id, j.job_id, j.status, j.lease
      FROM public.export_jobs j
     WHERE j.status IN ('pending', 'running')
       AND ((j.status = 'running' AND j.lease_expires_at < now())
         OR (j.status = 'pending' AND j.waiting_since IS NULL AND j.created_at < now() - pending_for))
     ORDER BY j.status = 'pending', j.job_id
     LIMIT most;
END
$$;

-- Companies with a waiting job and a free slot: somebody ended a job and died before waking the next one. A woken
-- job counts as taking a slot until it has started, or for `patience` when its queue entry was lost.
CREATE FUNCTION exhibit_startable_companies(slots integer, patience interval, most integer)
RETURNS TABLE (company_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT w.company_id
      FROM (SELECT DISTINCT j.company_id FROM public.export_jobs j
             WHERE j.status = 'pending' AND j.waiting_since IS NOT NULL
               AND (j.woken_at IS NULL OR j.woken_at < now() - patience)) w
     WHERE slots > (SELECT count(*) FROM public.export_jobs t
                     WHERE t.company_id = w.company_id
                       AND (t.status = 'running'
                         OR (t.status = 'pending' AND (t.waiting_since IS NULL OR t.woken_at >= now() - patience))))
     ORDER BY w.company_id
     LIMIT most;
END
$$;
REVOKE ALL ON FUNCTION exhibit_startable_companies(integer, interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_startable_companies(integer, interval, integer) TO exhibit_worker;

-- When a task that one worker of a region does for all was last begun. No tenant data.
CREATE TABLE chores (
  name     text PRIMARY KEY,
  begun_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON chores TO exhibit_worker;
