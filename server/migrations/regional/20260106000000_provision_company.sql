-- The dashboard owns companies and workspaces; a region keeps what it needs of them. Again with the same
-- values it changes nothing, with new names it renames. Nothing is ever removed: events refer to it.
CREATE FUNCTION exhibit_provision_company(company uuid, company_name text, ids uuid[], names text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO public.companies AS c (company_id, name) VALUES (company, company_name)
    ON CONFLICT (company_id) DO UPDATE SET name = excluded.name WHERE c.name <> excluded.name;
  INSERT INTO public.workspaces AS w (company_id, workspace_id, name)
    SELECT company, u.id, u.name FROM unnest(ids, names) u(id, name) ORDER BY u.id
    ON CONFLICT (company_id, workspace_id) DO UPDATE SET name = excluded.name WHERE w.name <> excluded.name;
  INSERT INTO public.workspace_heads (company_id, workspace_id)
    SELECT company, u.id FROM unnest(ids) u(id) ORDER BY u.id
    ON CONFLICT DO NOTHING;
END
$$;
REVOKE ALL ON FUNCTION exhibit_provision_company(uuid, text, uuid[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION exhibit_provision_company(uuid, text, uuid[], text[]) TO exhibit_api;
