-- A named EventQuery plus export options, runnable. A region can be without this table too.
CREATE TABLE export_templates (
  company_id        uuid NOT NULL,
  template_id       uuid NOT NULL,
  workspace_id      uuid,           -- NULL: company-wide
  name              text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  description       text NOT NULL DEFAULT '' CHECK (length(description) <= 2000),
  query             json NOT NULL,
  format            text NOT NULL CHECK (format IN ('JSONL', 'CSV')),
  compression       text NOT NULL DEFAULT 'none' CHECK (compression IN ('none', 'gzip', 'zstd')),
  csv_formula_guard boolean NOT NULL DEFAULT true,
  csv_bom           boolean NOT NULL DEFAULT false,
  is_default        boolean NOT NULL DEFAULT false,
  created_by        text NOT NULL,  -- user id
  created_by_label  text NOT NULL DEFAULT '', -- their email address then
  version           bigint NOT NULL DEFAULT 1,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, template_id),
  CONSTRAINT export_templates_workspace_fk FOREIGN KEY (company_id, workspace_id)
    REFERENCES workspaces (company_id, workspace_id),
  CONSTRAINT export_templates_name_key UNIQUE NULLS NOT DISTINCT (company_id, workspace_id, name)
);

CREATE UNIQUE INDEX export_templates_one_default ON export_templates
  (company_id, workspace_id, created_by) NULLS NOT DISTINCT WHERE is_default;

SELECT exhibit_protect('export_templates');
GRANT SELECT, INSERT, UPDATE, DELETE ON export_templates TO exhibit_api;
