-- The dashboard never removes a company or a workspace, and never changes which is which: events and evidence
-- refer to them. Of an invitation only its acceptance is noted. So its role need not be able to.
REVOKE UPDATE, DELETE ON companies, workspaces FROM exhibit_dashboard;
GRANT UPDATE (name, revision, provisioned_revision) ON companies TO exhibit_dashboard;
GRANT UPDATE (name) ON workspaces TO exhibit_dashboard;
REVOKE UPDATE ON invitations FROM exhibit_dashboard;
GRANT UPDATE (accepted_at) ON invitations TO exhibit_dashboard;
