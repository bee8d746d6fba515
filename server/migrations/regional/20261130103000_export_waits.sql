-- What a worker must be able to do to run a job, set by the api that made it. 0: any worker. Workers report what they
-- can do (server/src/exports/worker-version.ts); workers from before this migration report nothing, which is 0.
ALTER TABLE export_jobs ADD COLUMN min_worker_version integer NOT NULL DEFAULT 0;
ALTER TABLE workers ADD COLUMN version integer NOT NULL DEFAULT 0;
GRANT UPDATE (version) ON workers TO exhibit_worker;

-- Why a job waits, for people. A pending job with next_try_at in the future has no queue entry and takes no slot.
ALTER TABLE export_jobs
  ADD COLUMN wait_code     text,
  ADD COLUMN wait_detail   text,
  ADD COLUMN wait_since    timestamptz,
  ADD COLUMN next_try_at   timestamptz,
  -- The first failure of the store or database that did not cost an attempt, and how many there were.
  ADD COLUMN retry_since   timestamptz,
  ADD COLUMN retries       integer NOT NULL DEFAULT 0,
  -- Bytes the running attempt has handed to the store, for the company's quota.
  ADD COLUMN bytes_written bigint NOT NULL DEFAULT 0;
GRANT UPDATE (wait_code, wait_detail, wait_since, next_try_at, retry_since, retries, bytes_written)
  ON export_jobs TO exhibit_worker;

-- The file was deleted on request. The object itself may still be in the store until a worker's next sweep.
ALTER TABLE export_jobs
  ADD COLUMN artifact_deleted_at       timestamptz,
  ADD COLUMN artifact_deleted_by_type  text CHECK (artifact_deleted_by_type IN ('user', 'api_key')),
  ADD COLUMN artifact_deleted_by_id    text,
  ADD COLUMN artifact_deleted_by_label text,
  ADD CONSTRAINT export_jobs_deleted_by_someone CHECK ((artifact_deleted_at IS NULL) = (artifact_deleted_by_id IS NULL));
GRANT UPDATE (artifact_deleted_at, artifact_deleted_by_type, artifact_deleted_by_id, artifact_deleted_by_label)
  ON export_jobs TO exhibit_api;

-- What a company's files take is summed before each export, at its end and while it is written.
CREATE INDEX export_jobs_stored ON export_jobs (company_id, artifact_expires_at) INCLUDE (bytes)
  WHERE status = 'succeeded' AND artifact_deleted_at IS NULL;

-- As before, without jobs whose next try is still ahead. No job is put off for longer than a minute: a time further
-- ahead was written before the database's clock was set back.
CREATE OR REPLACE FUNCTION exhibit_startable_companies(slots integer, patience interval, most integer)
RETURNS TABLE (company_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT w.company_id
      FROM (SELECT DISTINCT j.company_id FROM public.export_jobs j
             WHERE j.status = 'pending' AND j.waiting_since IS NOT NULL
               AND (j.woken_at IS NULL OR j.woken_at < now() - patience)
               AND (j.next_try_at IS NULL OR j.next_try_at <= now() OR j.next_try_at > now() + interval '2 minutes')) w
     WHERE slots > (SELECT count(*) FROM public.export_jobs t
                     WHERE t.company_id = w.company_id
                       AND (t.status = 'running'
                         OR (t.status = 'pending' AND (t.waiting_since IS NULL OR t.woken_at >= now() - patience))))
     ORDER BY w.company_id
     LIMIT most;
END
$$;

-- The highest version among the workers that wrote within `recent`, for the api; NULL: there is none.
CREATE FUNCTION exhibit_newest_worker(recent interval) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (SELECT max(w.version) FROM public.workers w WHERE w.seen_at > now() - recent);
END
$$;
REVOKE ALL ON FUNCTION exhibit_newest_worker(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_newest_worker(interval) TO exhibit_api;
