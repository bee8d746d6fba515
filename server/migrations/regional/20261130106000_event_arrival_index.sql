-- Finds the events of a workspace that arrived after a known number, wherever their own time lies. A list whose later
-- pages keep the bound of its first page (events/event-filter.ts, asOf) subtracts them from the counts, and says how
-- many they are. Numbers only grow, so each new entry goes to the right end of its workspace: see docs/performance.md.
-- Building it holds up ingest, not readers.
CREATE INDEX events_workspace_seq ON events (company_id, workspace_id, seq);
