CREATE TABLE export_jobs (
  company_id             uuid NOT NULL,
  job_id                 uuid NOT NULL,   -- UUIDv7, or the one the dashboard chose
  workspace_ids          uuid[] NOT NULL CHECK (cardinality(workspace_ids) > 0),
  requested_by_type      text NOT NULL CHECK (requested_by_type IN ('user', 'api_key')),
  requested_by_id        text NOT NULL,
  requested_by_label     text NOT NULL,
  source                 text NOT NULL CHECK (source = 'HOT'),
  format                 text NOT NULL CHECK (format IN ('JSONL', 'CSV')),
  compression            text NOT NULL CHECK (compression IN ('none', 'gzip', 'zstd')),
  csv_formula_guard      boolean NOT NULL,
  csv_bom                boolean NOT NULL,
  filters                json NOT NULL,   -- the canonical EventQuery, its range resolved
  saved_explorer_view_id uuid,
  template_id            uuid,
  rerun_of               uuid,
  purpose                text,
  row_limit              bigint CHECK (row_limit > 0),
  max_rows               bigint NOT NULL, -- the company's maximum when the job was made

  status                 text NOT NULL DEFAULT 'pending'
                         CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'canceled')),
  attempt                integer NOT NULL DEFAULT 0,
  -- Fencing token: grows with every claim and every release, never reused. `attempt` counts only tries
  -- that count against the limit; a graceful hand-back takes one off again, so it cannot fence.
  lease                  bigint NOT NULL DEFAULT 0,
  lease_expires_at       timestamptz,
  cancel_requested_at    timestamptz,
  failure_code           text,

  cut                    jsonb,           -- workspace id → highest seq covered, from the first start on
  rows_exported          bigint NOT NULL DEFAULT 0,
  rows_expected          bigint,
  rows_expected_exact    boolean NOT NULL DEFAULT false,
  bytes                  bigint,
  sha256                 bytea,
  content_sha256         bytea,
  truncated              boolean NOT NULL DEFAULT false,
  artifact_key           text,

  created_at             timestamptz NOT NULL DEFAULT now(),
  started_at             timestamptz,
  finished_at            timestamptz,
  artifact_expires_at    timestamptz,

  PRIMARY KEY (company_id, job_id),
  CONSTRAINT export_jobs_succeeded_is_whole CHECK (
    status <> 'succeeded' OR (artifact_key IS NOT NULL AND sha256 IS NOT NULL AND content_sha256 IS NOT NULL
      AND bytes IS NOT NULL AND finished_at IS NOT NULL AND artifact_expires_at IS NOT NULL)),
  CONSTRAINT export_jobs_failed_says_why CHECK ((status = 'failed') = (failure_code IS NOT NULL)),
  CONSTRAINT export_jobs_running_is_leased CHECK ((status = 'running') = (lease_expires_at IS NOT NULL))
);

CREATE INDEX export_jobs_newest ON export_jobs (company_id, created_at DESC, job_id DESC);
CREATE INDEX export_jobs_unfinished ON export_jobs (company_id, status) WHERE status IN ('pending', 'running');

-- Idempotency-Key of POST exports, per principal, for 24 hours.
CREATE TABLE export_idempotency (
  company_id   uuid NOT NULL,
  principal    text NOT NULL,
  key_hash     bytea NOT NULL,
  request_hash bytea NOT NULL,
  job_id       uuid NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, principal, key_hash)
);

SELECT exhibit_protect(t) FROM unnest(ARRAY['export_jobs', 'export_idempotency']::regclass[]) t;

GRANT SELECT, INSERT ON export_jobs TO exhibit_api;
-- The api can ask for a stop; only a worker moves a job through its life.
GRANT UPDATE (status, cancel_requested_at, finished_at) ON export_jobs TO exhibit_api;
GRANT SELECT, INSERT, DELETE ON export_idempotency TO exhibit_api;
GRANT SELECT ON export_jobs TO exhibit_worker;
GRANT UPDATE (status, attempt, lease, lease_expires_at, cancel_requested_at, failure_code, cut, rows_exported, rows_expected,
              rows_expected_exact, bytes, sha256, content_sha256, truncated, artifact_key, started_at, finished_at,
              artifact_expires_at) ON export_jobs TO exhibit_worker;

-- Jobs nobody works on: a lease ran out, or a pending job has waited long enough that its queue entry
-- may be gone. Crosses tenants, so it names jobs and nothing else.
CREATE FUNCTION exhibit_stranded_exports(pending_for interval, most integer)
RETURNS TABLE (company_id uuid, job_id uuid, status text, lease bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT j.company_id, j.job_id, j.status, j.lease
      FROM public.export_jobs j
     WHERE j.status IN ('pending', 'running')
       AND ((j.status = 'running' AND j.lease_expires_at < now())
         OR (j.status = 'pending' AND j.created_at < now() - pending_for))
     ORDER BY j.job_id
     LIMIT most;
END
$$;
REVOKE ALL ON FUNCTION exhibit_stranded_exports(interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_stranded_exports(interval, integer) TO exhibit_worker;
