-- When an event arrived and through which API key, with the key's name as of then. Not part of the line. NULL for
-- events stored before this migration, and for events that no API key sent (the demo's). No index: a search by key or
-- receipt is bounded by the time range, as a search in metadata is, so that ingest pays for no further index.
ALTER TABLE events
  ADD COLUMN received_at   timestamptz,
  ADD COLUMN api_key_id    uuid,
  ADD COLUMN api_key_label text;

-- Idempotency keys belong to the API key that used them: a key that may only write cannot claim another sender's. The
-- zero UUID stands for uses before this migration, which are honoured for every API key of the workspace.
ALTER TABLE event_idempotency
  ADD COLUMN api_key_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
ALTER TABLE event_idempotency
  DROP CONSTRAINT event_idempotency_pkey,
  ADD PRIMARY KEY (company_id, workspace_id, key_hash, api_key_id);
