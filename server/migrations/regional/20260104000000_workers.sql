-- Which worker processes are alive: each writes its row every two seconds. No tenant data.
CREATE TABLE workers (
  worker_id  uuid PRIMARY KEY,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at    timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE (seen_at), DELETE ON workers TO exhibit_worker;

-- How many workers wrote within `recent`, for the api, which may know the number and nothing else.
CREATE FUNCTION exhibit_live_workers(recent interval) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN (SELECT count(*)::integer FROM public.workers w WHERE w.seen_at > now() - recent);
END
$$;
REVOKE ALL ON FUNCTION exhibit_live_workers(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_live_workers(interval) TO exhibit_api;
