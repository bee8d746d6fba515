-- A rare value is found without walking all events of its company. Each index costs every event that comes in
-- (docs/performance.md has the figures), so there is one for what people look for by its value and no more; the
-- workspace is in them, so that counting needs no row. Building them holds up ingest, not readers.
-- What an index may hold ends at 2,704 bytes, and these texts have no maximum: longer ones, which no filter can ask
-- for, stay outside. A filter on such a column repeats the condition (src/events/event-filter.ts). "<= 1024" would
-- say the same, but the planner takes it to be true of one row in three, and estimates are its row counts.
CREATE INDEX events_action ON events (company_id, action, id) INCLUDE (workspace_id);
CREATE INDEX events_actor_id ON events (company_id, actor_id, id) INCLUDE (workspace_id)
  WHERE least(octet_length(actor_id), 1025) <> 1025;
CREATE INDEX events_actor_email ON events (company_id, actor_email, id) INCLUDE (workspace_id)
  WHERE least(octet_length(actor_email), 1025) <> 1025;
CREATE INDEX events_resource_id ON events (company_id, resource_id, id) INCLUDE (workspace_id)
  WHERE least(octet_length(resource_id), 1025) <> 1025;
