-- Roles. The login of REGION_DATABASE_URLS owns everything and runs migrations; the processes put on
-- exhibit_api or exhibit_worker when they connect, so row-level security binds them.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['exhibit_api', 'exhibit_worker'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOBYPASSRLS', wanted);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- another region of the same cluster was migrated at the same moment
    END;
    BEGIN
      -- Needed also by the role's creator: since PostgreSQL 16 creating grants ADMIN, not SET.
      EXECUTE format('GRANT %I TO %I', wanted, current_user);
    EXCEPTION WHEN insufficient_privilege THEN
      IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
        RAISE EXCEPTION '% cannot put on the role %', current_user, wanted
          USING HINT = format('As an administrator run: GRANT %I TO %I;', wanted, current_user);
      END IF;
    END;
  END LOOP;
END
$$;

GRANT USAGE ON SCHEMA public TO exhibit_api, exhibit_worker;

-- Tenants. Names are shown in messages; the dashboard database owns them later.
CREATE TABLE companies (
  company_id uuid PRIMARY KEY,
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE workspaces (
  company_id   uuid NOT NULL,
  workspace_id uuid NOT NULL,
  name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, workspace_id),
  CONSTRAINT workspaces_company_fk FOREIGN KEY (company_id) REFERENCES companies (company_id)
);

-- The number of the newest event of a workspace. Its row lock serialises the writers of a workspace,
-- so seq is gapless and `seq <= head` is exactly what had committed when the head was read.
CREATE TABLE workspace_heads (
  company_id   uuid NOT NULL,
  workspace_id uuid NOT NULL,
  seq          bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (company_id, workspace_id),
  CONSTRAINT workspace_heads_workspace_fk FOREIGN KEY (company_id, workspace_id)
    REFERENCES workspaces (company_id, workspace_id)
) WITH (fillfactor = 50);

-- Looked up by hash before the tenant is known, hence the unique key without company_id.
CREATE TABLE api_keys (
  company_id   uuid NOT NULL,
  key_id       uuid NOT NULL,
  name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  secret_hash  bytea NOT NULL CHECK (length(secret_hash) = 32),
  -- NULL: every workspace of the company, those made later included
  workspace_id uuid,
  permissions  text[] NOT NULL CHECK (cardinality(permissions) > 0 AND permissions <@ ARRAY['events:write', 'events:read', 'exports:write', 'exports:read']),
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz,
  PRIMARY KEY (company_id, key_id),
  CONSTRAINT api_keys_secret_hash_key UNIQUE (secret_hash),
  CONSTRAINT api_keys_workspace_fk FOREIGN KEY (company_id, workspace_id)
    REFERENCES workspaces (company_id, workspace_id)
);

-- Who did what, on the regional side; commits with the action it describes.
CREATE TABLE audit_log (
  company_id   uuid NOT NULL,
  audit_id     uuid NOT NULL,
  at           timestamptz NOT NULL DEFAULT now(),
  action       text NOT NULL,
  actor_type   text NOT NULL CHECK (actor_type IN ('user', 'api_key', 'system')),
  actor_id     text NOT NULL,
  actor_label  text NOT NULL,
  subject_type text NOT NULL,
  subject_id   text NOT NULL,
  details      json NOT NULL DEFAULT '{}',
  request_id   text,
  ip           text,
  user_agent   text,
  PRIMARY KEY (company_id, audit_id)
);

GRANT SELECT ON companies, workspaces TO exhibit_api, exhibit_worker;
GRANT SELECT, UPDATE (seq) ON workspace_heads TO exhibit_api;
GRANT SELECT ON workspace_heads TO exhibit_worker;
GRANT SELECT, INSERT, UPDATE (revoked_at, last_used_at) ON api_keys TO exhibit_api;
GRANT SELECT, INSERT ON audit_log TO exhibit_api, exhibit_worker;

-- The second wall: a query that forgets its predicate sees nothing of another company. The setting is
-- read once a statement (a scalar subquery becomes an InitPlan), not once a row.
CREATE FUNCTION exhibit_protect(target regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format(
    'CREATE POLICY tenant ON %s USING (company_id = (SELECT nullif(current_setting(''exhibit.company_id'', true), '''')::uuid))'
    ' WITH CHECK (company_id = (SELECT nullif(current_setting(''exhibit.company_id'', true), '''')::uuid))', target);
END
$$;
REVOKE ALL ON FUNCTION exhibit_protect(regclass) FROM PUBLIC;

SELECT exhibit_protect(t) FROM unnest(ARRAY['companies', 'workspaces', 'workspace_heads', 'api_keys', 'audit_log']::regclass[]) t;

-- The one look-up that happens before the tenant is known: a key by the SHA-256 of its secret.
CREATE FUNCTION exhibit_find_api_key(wanted bytea)
RETURNS TABLE (company_id uuid, key_id uuid, name text, workspace_id uuid, permissions text[],
               created_at timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT k.company_id, k.key_id, k.name, k.workspace_id, k.permissions,
                      k.created_at, k.expires_at, k.revoked_at, k.last_used_at
                 FROM public.api_keys k WHERE k.secret_hash = wanted;
END
$$;
REVOKE ALL ON FUNCTION exhibit_find_api_key(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_find_api_key(bytea) TO exhibit_api;
