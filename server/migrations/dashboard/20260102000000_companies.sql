CREATE TYPE company_role AS ENUM ('OWNER', 'ADMIN', 'BILLING', 'MEMBER');

-- A company and its workspaces are made here and copied to the region. `revision` counts the changes that
-- the region must hear of, `provisioned_revision` is the last one it has confirmed: less means pending.
CREATE TABLE companies (
  company_id           uuid PRIMARY KEY,
  name                 text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  region               text NOT NULL CHECK (region ~ '^[a-z][a-z0-9-]{0,15}$'),
  revision             bigint NOT NULL DEFAULT 1,
  provisioned_revision bigint NOT NULL DEFAULT 0,
  created_at           timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE workspaces (
  company_id   uuid NOT NULL,
  workspace_id uuid NOT NULL,
  name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  -- The company's revision that made it: pending in the region until that one is provisioned.
  revision     bigint NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, workspace_id),
  CONSTRAINT workspaces_company_fk FOREIGN KEY (company_id) REFERENCES companies (company_id)
);
CREATE UNIQUE INDEX workspaces_name_key ON workspaces (company_id, lower(name));

-- A user belongs to one company in this version.
CREATE TABLE members (
  company_id uuid NOT NULL,
  user_id    uuid NOT NULL,
  role       company_role NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, user_id),
  CONSTRAINT members_user_key UNIQUE (user_id),
  CONSTRAINT members_company_fk FOREIGN KEY (company_id) REFERENCES companies (company_id),
  CONSTRAINT members_user_fk FOREIGN KEY (user_id) REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE workspace_members (
  company_id   uuid NOT NULL,
  workspace_id uuid NOT NULL,
  user_id      uuid NOT NULL,
  PRIMARY KEY (company_id, workspace_id, user_id),
  CONSTRAINT workspace_members_workspace_fk FOREIGN KEY (company_id, workspace_id)
    REFERENCES workspaces (company_id, workspace_id) ON DELETE CASCADE,
  CONSTRAINT workspace_members_member_fk FOREIGN KEY (company_id, user_id)
    REFERENCES members (company_id, user_id) ON DELETE CASCADE
);
CREATE INDEX workspace_members_user_idx ON workspace_members (company_id, user_id);

-- Invitations by link. Only the SHA-256 of the link's secret is kept.
CREATE TABLE invitations (
  company_id    uuid NOT NULL,
  invitation_id uuid NOT NULL,
  secret_hash   bytea NOT NULL CHECK (length(secret_hash) = 32),
  email         text NOT NULL CHECK (email = lower(email)),
  role          company_role NOT NULL,
  workspace_ids uuid[] NOT NULL,
  invited_by    uuid NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL,
  accepted_at   timestamptz,
  PRIMARY KEY (company_id, invitation_id),
  CONSTRAINT invitations_secret_hash_key UNIQUE (secret_hash),
  CONSTRAINT invitations_company_fk FOREIGN KEY (company_id) REFERENCES companies (company_id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON companies, workspaces, members, workspace_members, invitations
  TO exhibit_dashboard;
