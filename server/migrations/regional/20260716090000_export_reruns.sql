-- What repeats a job is listed beside it; most jobs repeat none.
CREATE INDEX export_jobs_reruns ON export_jobs (company_id, rerun_of, created_at DESC, job_id DESC)
  WHERE rerun_of IS NOT NULL;
