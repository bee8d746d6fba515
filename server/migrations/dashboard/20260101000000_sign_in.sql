-- The login of DASHBOARD_DATABASE_URL owns everything and runs migrations; the dashboard puts on this role
-- when it connects, so that what it may not do (change evidence) is the database's decision, not its code's.
DO $$
BEGIN
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'exhibit_dashboard') THEN
      CREATE ROLE exhibit_dashboard NOLOGIN NOBYPASSRLS;
    END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of the same cluster was migrated at the same moment
  END;
  BEGIN
    -- Needed also by the role's creator: since PostgreSQL 16 creating grants ADMIN, not SET.
    EXECUTE format('GRANT exhibit_dashboard TO %I', current_user);
  EXCEPTION WHEN insufficient_privilege OR unique_violation THEN
    IF NOT pg_has_role(current_user, 'exhibit_dashboard', 'MEMBER') THEN
      RAISE EXCEPTION '% cannot put on the role exhibit_dashboard', current_user
        USING HINT = format('As an administrator run: GRANT exhibit_dashboard TO %I;', current_user);
    END IF;
  END;
END
$$;

GRANT USAGE ON SCHEMA public TO exhibit_dashboard;

-- The tables of better-auth 1.7, names and types as its own migration would make them; a test compares.
CREATE TABLE "user" (
  "id"            uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
  "name"          text NOT NULL,
  "email"         text NOT NULL UNIQUE CHECK ("email" = lower("email")),
  "emailVerified" boolean NOT NULL,
  "image"         text,
  "createdAt"     timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updatedAt"     timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE "session" (
  "id"        uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
  "expiresAt" timestamptz NOT NULL,
  "token"     text NOT NULL UNIQUE,
  "createdAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updatedAt" timestamptz NOT NULL,
  "ipAddress" text,
  "userAgent" text,
  "userId"    uuid NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX "session_userId_idx" ON "session" ("userId");

CREATE TABLE "account" (
  "id"                    uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
  "accountId"             text NOT NULL,
  "providerId"            text NOT NULL,
  "userId"                uuid NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
  "accessToken"           text,
  "refreshToken"          text,
  "idToken"               text,
  "accessTokenExpiresAt"  timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope"                 text,
  "password"              text,
  "createdAt"             timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updatedAt"             timestamptz NOT NULL
);
CREATE INDEX "account_userId_idx" ON "account" ("userId");

CREATE TABLE "verification" (
  "id"         uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY,
  "identifier" text NOT NULL,
  "value"      text NOT NULL,
  "expiresAt"  timestamptz NOT NULL,
  "createdAt"  timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "updatedAt"  timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL
);
CREATE INDEX "verification_identifier_idx" ON "verification" ("identifier");

-- Password attempts by account and by address, shared by all dashboard processes.
CREATE TABLE password_attempts (
  subject      text PRIMARY KEY,
  attempts     integer NOT NULL,
  window_start timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE, DELETE ON "user", "session", "account", "verification", password_attempts
  TO exhibit_dashboard;
