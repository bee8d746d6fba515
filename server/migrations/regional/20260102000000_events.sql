-- One row an event. `line` is the canonical JSON line that exports emit byte for byte; the other
-- columns exist to filter (trimmed values) and to format CSV without parsing the line.
CREATE TABLE events (
  company_id    uuid NOT NULL,
  workspace_id  uuid NOT NULL,
  id            uuid NOT NULL,      -- UUIDv7 of the event's own time: a time range is an id range
  seq           bigint NOT NULL,    -- gapless per workspace, in commit order
  "timestamp"   text NOT NULL,      -- as sent
  project_id    text,
  category      text NOT NULL,
  action        text NOT NULL,
  actor_id      text,
  actor_email   text,
  actor_role    text,
  resource_type text,
  resource_id   text,
  trace_id      text,
  ip_address    text,
  user_agent    text,
  geo           text,
  tags          text[],
  metadata      json,               -- never jsonb: it rewrites numbers and drops duplicate keys
  line          text NOT NULL,
  leaf_hash     bytea NOT NULL,     -- SHA-256(0x00 || line), RFC 9162 leaf
  verbatim      boolean NOT NULL,   -- every column above equals what was sent (nothing was trimmed)
  formula_guard boolean NOT NULL,   -- some CSV cell begins with one of = + - @ TAB CR '
  PRIMARY KEY (company_id, id)
) PARTITION BY RANGE (id);

CREATE INDEX events_workspace_id ON events (company_id, workspace_id, id);

-- Idempotency keys are kept for good: SHA-256 of the key → the event and the hash of the item as sent.
CREATE TABLE event_idempotency (
  company_id   uuid NOT NULL,
  workspace_id uuid NOT NULL,
  key_hash     bytea NOT NULL,
  id           uuid NOT NULL,
  item_hash    bytea NOT NULL,
  PRIMARY KEY (company_id, workspace_id, key_hash)
);

-- Counts by hour. Ingest appends deltas (updating one hot row an hour in place fell from 10,717 to 540
-- transactions a second beside an open snapshot); the worker folds them; readers sum both.
CREATE TABLE event_rollup (
  company_id   uuid NOT NULL,
  workspace_id uuid NOT NULL,
  hour         timestamptz NOT NULL,
  category     text NOT NULL,
  action       text NOT NULL,
  count        bigint NOT NULL,
  PRIMARY KEY (company_id, workspace_id, hour, category, action)
);

CREATE TABLE event_rollup_deltas (
  company_id   uuid NOT NULL,
  delta_id     bigint GENERATED ALWAYS AS IDENTITY,
  workspace_id uuid NOT NULL,
  hour         timestamptz NOT NULL,
  category     text NOT NULL,
  action       text NOT NULL,
  count        bigint NOT NULL,
  PRIMARY KEY (company_id, delta_id)
);

SELECT exhibit_protect(t) FROM unnest(ARRAY['events', 'event_idempotency', 'event_rollup', 'event_rollup_deltas']::regclass[]) t;

GRANT SELECT, INSERT ON events, event_idempotency, event_rollup_deltas TO exhibit_api;
GRANT SELECT ON event_rollup TO exhibit_api;
GRANT SELECT ON events, event_rollup, event_rollup_deltas TO exhibit_worker;
GRANT INSERT, UPDATE (count) ON event_rollup TO exhibit_worker;
GRANT DELETE ON event_rollup_deltas TO exhibit_worker;

-- Makes the partition `name` for ids in [lower, upper), in a transaction of the caller's own. Not
-- CREATE … PARTITION OF: that waits for every open reader of `events` and blocks ingest behind it.
-- ATTACH takes SHARE UPDATE EXCLUSIVE only, and with the CHECK in place it does not scan.
CREATE FUNCTION exhibit_ensure_partition(name text, lower uuid, upper uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF name !~ '^events_[0-9]{4}(_[0-9]{2})?$' OR lower >= upper THEN
    RAISE EXCEPTION 'not a partition of events: %', name USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('exhibit.events.partition'));
  IF to_regclass('public.' || name) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE public.%I (LIKE public.events INCLUDING DEFAULTS INCLUDING INDEXES)', name);
  PERFORM public.exhibit_protect(('public.' || name)::regclass);
  EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT %I CHECK (id >= %L::uuid AND id < %L::uuid)', name, name || '_range', lower, upper);
  EXECUTE format('ALTER TABLE public.events ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', name, lower, upper);
END
$$;
REVOKE ALL ON FUNCTION exhibit_ensure_partition(text, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_ensure_partition(text, uuid, uuid) TO exhibit_api;

-- Companies with deltas to fold: the one question about the rollup that crosses tenants.
CREATE FUNCTION exhibit_companies_to_fold() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT DISTINCT d.company_id FROM public.event_rollup_deltas d;
END
$$;
REVOKE ALL ON FUNCTION exhibit_companies_to_fold() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_companies_to_fold() TO exhibit_worker;
