-- An attempt ended without a file, and the store refused to remove what it had uploaded. Set by the worker, cleared by
-- the sweep that removes the parts. Readers take it from the whole row (server/src/exports/sql/export-job-columns.ts), so an api
-- or worker also serves a region without this column.
ALTER TABLE export_jobs ADD COLUMN unfinished_parts_remain boolean NOT NULL DEFAULT false;
GRANT UPDATE (unfinished_parts_remain) ON export_jobs TO exhibit_worker;
