-- Counts are read from the index alone: a month of a busy company is 43,650 rows, which lie all over the table
-- (44,000 pages were touched for one total; docs/performance.md).
CREATE UNIQUE INDEX event_rollup_key ON event_rollup (company_id, workspace_id, hour, category, action) INCLUDE (count);
ALTER TABLE event_rollup DROP CONSTRAINT event_rollup_pkey;
ALTER TABLE event_rollup ADD CONSTRAINT event_rollup_pkey PRIMARY KEY USING INDEX event_rollup_key;
-- An index answers alone only for pages that vacuum has seen since they changed; the default waits for a fifth of
-- the table.
ALTER TABLE event_rollup SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
