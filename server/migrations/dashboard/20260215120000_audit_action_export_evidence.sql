ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EXPORT_REQUESTED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EXPORT_RERUN';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EXPORT_CANCELED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EXPORT_DOWNLOADED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EXPORT_DOWNLOAD_STARTED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EXPORT_DOWNLOAD_COMPLETED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EXPORT_DOWNLOAD_ABORTED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EXPORT_DOWNLOAD_DENIED';

ALTER TABLE evidence
  ADD COLUMN job_id      uuid,
  ADD COLUMN format      text,
  ADD COLUMN filters     json,
  ADD COLUMN bytes       bigint,          -- bytes served (downloads), of the asked range when it began
  ADD COLUMN range_start bigint,          -- [start, end) of the file
  ADD COLUMN range_end   bigint,
  ADD COLUMN sha256      text,
  -- The row of a region's outbox that this one was made from: taken over once.
  ADD COLUMN outbox_id   uuid,
  ADD CONSTRAINT evidence_outbox_key UNIQUE (company_id, outbox_id);
CREATE INDEX evidence_job_idx ON evidence (company_id, job_id) WHERE job_id IS NOT NULL;
