-- One tenant's timestamps must not make every tenant's queries slower: planning a query takes about 0.9 ms for each
-- partition that it cannot exclude. Partitions are months only near now; further away they are years, and decades.

-- Whether this company may send events more than 24 hours ahead of the clock ("exhibit companies set").
ALTER TABLE companies ADD COLUMN future_timestamps boolean NOT NULL DEFAULT false;

-- Which company caused a partition to be created, for the daily limit. Only the functions below read and write it.
CREATE TABLE event_partition_creations (
  company_id     uuid NOT NULL,
  created_on     date NOT NULL,   -- UTC
  partition_name text NOT NULL,
  PRIMARY KEY (company_id, created_on, partition_name)
);
SELECT exhibit_protect('event_partition_creations');

-- The smallest id an event of this instant can have (microseconds since the epoch, whole milliseconds).
CREATE FUNCTION exhibit_lowest_event_id(micros bigint) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN (lpad(to_hex(micros / 1000), 12, '0') || '70008000000000000000')::uuid;
END
$$;
REVOKE ALL ON FUNCTION exhibit_lowest_event_id(bigint) FROM PUBLIC;

-- The partitions of events with the instants that they hold: [from_micros, to_micros). A bound reads
-- FOR VALUES FROM ('<lower id>') TO ('<upper id>'); a regular expression that says so took 3 ms a partition.
CREATE FUNCTION exhibit_event_partitions() RETURNS TABLE (partition_name text, from_micros bigint, to_micros bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY
    SELECT b.name,
           ('x' || left(replace(split_part(b.bounds, '''', 2), '-', ''), 12))::bit(48)::bigint * 1000,
           ('x' || left(replace(split_part(b.bounds, '''', 4), '-', ''), 12))::bit(48)::bigint * 1000
      FROM (SELECT c.relname::text AS name, pg_get_expr(c.relpartbound, 0) AS bounds
              FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = 'public.events'::regclass) b
     WHERE b.bounds LIKE 'FOR VALUES FROM (''%'') TO (''%'')';
END
$$;
REVOKE ALL ON FUNCTION exhibit_event_partitions() FROM PUBLIC;

-- Creates a partition; the caller holds the lock and knows that the range is free.
-- Not CREATE … PARTITION OF: that waits for every open reader of `events` and blocks ingest behind it.
-- ATTACH takes SHARE UPDATE EXCLUSIVE only, and with the CHECK in place it does not scan.
CREATE FUNCTION exhibit_add_event_partition(name text, lower uuid, upper uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE TABLE public.%I (LIKE public.events INCLUDING DEFAULTS INCLUDING INDEXES)', name);
  PERFORM public.exhibit_protect(('public.' || name)::regclass);
  EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT %I CHECK (id >= %L::uuid AND id < %L::uuid)', name, name || '_range', lower, upper);
  EXECUTE format('ALTER TABLE public.events ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', name, lower, upper);
END
$$;
REVOKE ALL ON FUNCTION exhibit_add_event_partition(text, uuid, uuid) FROM PUBLIC;

-- The smallest useful partition for an instant that no partition holds yet. Candidates from coarse to fine; the first
-- that overlaps no existing partition is taken. Every partition is a union of whole UTC months, so the month itself
-- always fits. The clock is the database's: every api of the region decides alike, whatever its own clock shows.
--   months   from twelve months ago to the end of next year
--   decades  of which every day is at least ten years away from now
--   years    otherwise
CREATE FUNCTION exhibit_choose_event_partition(instant timestamptz)
RETURNS TABLE (name text, from_micros bigint, to_micros bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  wanted constant timestamp := instant AT TIME ZONE 'UTC';
  today constant timestamp := now() AT TIME ZONE 'UTC';
  near constant boolean := wanted >= date_trunc('month', today) - interval '12 months'
                       AND wanted < date_trunc('year', today) + interval '2 years';
  decade constant timestamp := date_trunc('decade', wanted);
  far constant boolean := decade + interval '10 years' <= today - interval '10 years'
                       OR decade >= today + interval '10 years';
BEGIN
  RETURN QUERY
    SELECT c.name, c.lower_micros, c.upper_micros
      FROM (SELECT n.name, n.rank,
                   (extract(epoch FROM n.starts) * 1000000)::bigint AS lower_micros,
                   (extract(epoch FROM n.starts + n.length) * 1000000)::bigint AS upper_micros
              FROM (VALUES (1, far AND NOT near, to_char(decade, '"events_"YYYY"s"'), decade, interval '10 years'),
                           (2, NOT near, to_char(wanted, '"events_"YYYY'), date_trunc('year', wanted), interval '1 year'),
                           (3, true, to_char(wanted, '"events_"YYYY_MM'), date_trunc('month', wanted), interval '1 month'))
                   AS n(rank, allowed, name, starts, length)
             WHERE n.allowed) c
     WHERE NOT EXISTS (SELECT FROM public.exhibit_event_partitions() p
                        WHERE p.from_micros < c.upper_micros AND p.to_micros > c.lower_micros)
     ORDER BY c.rank
     LIMIT 1;
END
$$;
REVOKE ALL ON FUNCTION exhibit_choose_event_partition(timestamptz) FROM PUBLIC;

-- Finds the partitions of these instants (microseconds since the epoch) and creates at most one that is missing.
-- Answers for each instant that it could decide: where its partition begins and ends, or why there is none:
-- 'FUTURE' (more than 24 hours ahead, and the company may not) or 'LIMIT' (the company has created max_new today).
-- Instants that are not in the answer need another call, in another transaction: each partition commits alone.
CREATE FUNCTION exhibit_event_partitions_at(company uuid, instants bigint[], max_new integer)
RETURNS TABLE (micros bigint, from_micros bigint, to_micros bigint, refusal text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  today constant date := (now() AT TIME ZONE 'UTC')::date;
  horizon constant bigint := (extract(epoch FROM now() + interval '24 hours') * 1000000)::bigint;
  may_be_ahead constant boolean := coalesce((SELECT c.future_timestamps FROM public.companies c WHERE c.company_id = company), false);
  missing bigint[];
  chosen record;
  limit_reached boolean := false;
BEGIN
  -- Without the lock first: usually every partition is there.
  FOR round IN 1..2 LOOP
    WITH parts AS MATERIALIZED (SELECT * FROM public.exhibit_event_partitions())
    SELECT array_agg(u.i ORDER BY u.i) INTO missing FROM unnest(instants) u(i)
     WHERE (u.i <= horizon OR may_be_ahead)
       AND NOT EXISTS (SELECT FROM parts p WHERE p.from_micros <= u.i AND u.i < p.to_micros);
    EXIT WHEN missing IS NULL OR round = 2;
    PERFORM pg_advisory_xact_lock(hashtext('exhibit.events.partition'));
  END LOOP;
  IF missing IS NOT NULL THEN
    limit_reached := max_new <= (SELECT count(*) FROM public.event_partition_creations c
                                  WHERE c.company_id = company AND c.created_on = today);
    IF NOT limit_reached THEN
      SELECT * INTO STRICT chosen
        FROM public.exhibit_choose_event_partition('epoch'::timestamptz + missing[1] * interval '1 microsecond');
      PERFORM public.exhibit_add_event_partition(chosen.name,
        public.exhibit_lowest_event_id(chosen.from_micros), public.exhibit_lowest_event_id(chosen.to_micros));
      DELETE FROM public.event_partition_creations c WHERE c.company_id = company AND c.created_on < today;
      INSERT INTO public.event_partition_creations (company_id, created_on, partition_name)
        VALUES (company, today, chosen.name) ON CONFLICT DO NOTHING;
    END IF;
  END IF;
  RETURN QUERY
    WITH parts AS MATERIALIZED (SELECT * FROM public.exhibit_event_partitions())
    SELECT u.i, p.from_micros, p.to_micros,
           CASE WHEN u.i > horizon AND NOT may_be_ahead THEN 'FUTURE'
                WHEN p.from_micros IS NULL THEN 'LIMIT' END
      FROM unnest(instants) u(i)
      LEFT JOIN parts p ON p.from_micros <= u.i AND u.i < p.to_micros
     WHERE p.from_micros IS NOT NULL OR limit_reached OR (u.i > horizon AND NOT may_be_ahead);
END
$$;
REVOKE ALL ON FUNCTION exhibit_event_partitions_at(uuid, bigint[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_event_partitions_at(uuid, bigint[], integer) TO exhibit_api;

-- Called by apis of the version before, which run until the upgrade is complete. A month or year that a larger
-- partition holds already is there; without this check ATTACH would fail and the event with it.
CREATE OR REPLACE FUNCTION exhibit_ensure_partition(name text, lower uuid, upper uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  lower_micros constant bigint := ('x' || left(replace(lower::text, '-', ''), 12))::bit(48)::bigint * 1000;
  upper_micros constant bigint := ('x' || left(replace(upper::text, '-', ''), 12))::bit(48)::bigint * 1000;
BEGIN
  IF name !~ '^events_[0-9]{4}(_[0-9]{2})?$' OR lower >= upper THEN
    RAISE EXCEPTION 'not a partition of events: %', name USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('exhibit.events.partition'));
  IF EXISTS (SELECT FROM public.exhibit_event_partitions() p WHERE p.from_micros <= lower_micros AND p.to_micros >= upper_micros) THEN
    RETURN;
  END IF;
  PERFORM public.exhibit_add_event_partition(name, lower, upper);
END
$$;
