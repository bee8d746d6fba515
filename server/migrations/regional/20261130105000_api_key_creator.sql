-- Who created an API key: the id of the person and their email address at that time, or the operator at the command line.
-- Keys from before this migration have no creator.
ALTER TABLE api_keys
  ADD COLUMN created_by_type  text CHECK (created_by_type IN ('user', 'system')),
  ADD COLUMN created_by_id    text,
  ADD COLUMN created_by_label text;
