-- The columns of a CSV file and their order; NULL: the default ones. Readers take them from the whole row
-- (server/src/exports/sql/export-job-columns.ts), so an api or worker also serves a region without these columns.
ALTER TABLE export_jobs ADD COLUMN csv_columns text[];
ALTER TABLE export_templates ADD COLUMN csv_columns text[];
