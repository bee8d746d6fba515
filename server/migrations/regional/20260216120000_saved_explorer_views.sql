-- A named EventQuery. A region can be without this table: the lists are then empty and say so.
CREATE TABLE saved_explorer_views (
  company_id   uuid NOT NULL,
  view_id      uuid NOT NULL,
  workspace_id uuid,                -- NULL: company-wide
  name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  description  text NOT NULL DEFAULT '' CHECK (length(description) <= 2000),
  query        json NOT NULL,
  is_default   boolean NOT NULL DEFAULT false,
  created_by   text NOT NULL,       -- user id
  created_by_label text NOT NULL DEFAULT '', -- their email address then
  version      bigint NOT NULL DEFAULT 1,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, view_id),
  CONSTRAINT saved_explorer_views_workspace_fk FOREIGN KEY (company_id, workspace_id)
    REFERENCES workspaces (company_id, workspace_id),
  CONSTRAINT saved_explorer_views_name_key UNIQUE NULLS NOT DISTINCT (company_id, workspace_id, name)
);

-- One default a person and scope: a member's choice must not change a colleague's view.
CREATE UNIQUE INDEX saved_explorer_views_one_default ON saved_explorer_views
  (company_id, workspace_id, created_by) NULLS NOT DISTINCT WHERE is_default;

SELECT exhibit_protect('saved_explorer_views');
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_explorer_views TO exhibit_api;
