-- A rare value is found without walking all events of its company. Each index costs every event that comes in
-- (docs/performance.md has the figures), so there is one for what people look for by its value and no more; the
-- workspace is in them, so that counting needs no row. Building them holds up ingest, not readers.
CREATE INDEX events_action ON events (company_id, action, id) INCLUDE (workspace_id);
CREATE INDEX events_actor_id ON events (company_id, actor_id, id) INCLUDE (workspace_id) WHERE actor_id IS NOT NULL;
CREATE INDEX events_actor_email ON events (company_id, actor_email, id) INCLUDE (workspace_id) WHERE actor_email IS NOT NULL;
CREATE INDEX events_resource_id ON events (company_id, resource_id, id) INCLUDE (workspace_id) WHERE resource_id IS NOT NULL;
