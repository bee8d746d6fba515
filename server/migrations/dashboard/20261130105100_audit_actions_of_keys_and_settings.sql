ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'API_KEY_CREATED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'API_KEY_REVOKED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EVENTS_READ';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EXPORT_TEMPLATE_CREATED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EXPORT_TEMPLATE_UPDATED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EXPORT_TEMPLATE_DELETED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EVIDENCE_EXPORTED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'PASSWORD_CHANGED';
ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'REQUESTS_REFUSED';

-- Requests of a person that the api refused, by hour: evidence has a row for each of the first ones only.
CREATE TABLE refused_requests (
  company_id uuid NOT NULL,
  user_id    uuid NOT NULL,
  hour       timestamptz NOT NULL,
  refused    integer NOT NULL,
  -- Of these, how many have no evidence row of their own and are in none that counts them.
  uncounted  integer NOT NULL DEFAULT 0,
  PRIMARY KEY (company_id, user_id, hour)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON refused_requests TO exhibit_dashboard;

-- Evidence by the person or key that did it.
CREATE INDEX evidence_actor_idx ON evidence (company_id, actor_id, evidence_id);
