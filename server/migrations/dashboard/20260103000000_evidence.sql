CREATE TYPE audit_action AS ENUM (
  'COMPANY_CREATED', 'WORKSPACE_CREATED', 'WORKSPACE_RENAMED', 'WORKSPACE_MEMBERS_CHANGED',
  'MEMBER_INVITED', 'MEMBER_INVITATION_REVOKED', 'MEMBER_JOINED', 'MEMBER_CHANGED', 'MEMBER_REMOVED'
);

-- Who did what. Rows outlive what they speak of, so nothing here is a foreign key but `settles`.
-- An act that spans two systems is two rows: the intent, committed before, and the one row that settles it.
CREATE TABLE evidence (
  company_id  uuid NOT NULL,
  evidence_id uuid NOT NULL,          -- UUIDv7: the order of the list
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  action      audit_action NOT NULL,
  -- The intent that this row settles; at most one row does.
  settles     uuid,
  outcome     text,                   -- SUCCEEDED, or the error code
  actor_type  text NOT NULL CHECK (actor_type IN ('user', 'api_key', 'system')),
  actor_id    text NOT NULL,
  actor_label text NOT NULL,
  subject_id  text,
  details     json NOT NULL DEFAULT '{}',
  request_id  text,
  ip          text,
  user_agent  text,
  PRIMARY KEY (company_id, evidence_id),
  CONSTRAINT evidence_settles_key UNIQUE (company_id, settles),
  CONSTRAINT evidence_settles_fk FOREIGN KEY (company_id, settles) REFERENCES evidence (company_id, evidence_id)
);
-- What the reconciler has to look at: an intent is in here from its commit until the commit of the row that
-- settles it. Work in progress, not evidence: `evidence` alone says what happened.
CREATE TABLE open_intents (
  company_id  uuid NOT NULL,
  evidence_id uuid NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The dashboard process that is at it: when that one is gone, the intent is orphaned.
  process_id  uuid NOT NULL,
  -- The call to repeat, `{method, path, body}`; NULL for downloads.
  call        json,
  PRIMARY KEY (company_id, evidence_id),
  CONSTRAINT open_intents_evidence_fk FOREIGN KEY (company_id, evidence_id) REFERENCES evidence (company_id, evidence_id)
);

-- Which dashboard processes live, so that what a dead one left open can be told from what is under way.
CREATE TABLE dashboard_processes (
  process_id uuid PRIMARY KEY,
  seen_at    timestamptz NOT NULL DEFAULT now()
);

-- Append-only by privilege: no UPDATE, no DELETE, no TRUNCATE.
GRANT SELECT, INSERT ON evidence TO exhibit_dashboard;
GRANT SELECT, INSERT, UPDATE, DELETE ON open_intents, dashboard_processes TO exhibit_dashboard;
