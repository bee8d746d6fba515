import { queryOptions } from '@tanstack/react-query';
import type { EventQuery } from './event-query.ts';
import type { Compression, CsvOptions, ExportFormat, ExportJob, ExportOptions } from './exports.ts';
import { call, getJson } from './http.ts';
import type { DriftingList } from './list.ts';

/** A named EventQuery: a saved explorer view. */
export interface SavedView {
  readonly id: string;
  readonly name: string;
  /** May be empty. */
  readonly description: string;
  readonly query: EventQuery;
  /** null if company-wide */
  readonly workspaceId: string | null;
  readonly isDefault: boolean;
  readonly createdBy: { readonly id: string; readonly label: string };
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface ExportTemplate extends SavedView {
  readonly format: ExportFormat;
  readonly compression: Compression;
  readonly csv: CsvOptions;
}

/** The editable fields; an omitted field stays unchanged. */
export interface ViewDraft {
  readonly name?: string;
  readonly description?: string;
  readonly query?: EventQuery;
  readonly workspaceId?: string | null;
  readonly isDefault?: boolean;
}

export interface TemplateDraft extends ViewDraft {
  readonly format?: ExportFormat;
  readonly compression?: Compression;
  readonly csv?: Partial<CsvOptions>;
}

export interface TemplateOverrides extends Partial<ExportOptions> {
  readonly filters?: { readonly [Field in keyof EventQuery]: EventQuery[Field] | null };
}

export const NAME_LENGTH = 120;
export const DESCRIPTION_LENGTH = 2000;

const VIEWS = '/api/dashboard/explorer/views';
const TEMPLATES = '/api/dashboard/export-templates';

/** Loads all pages, because the menus search in the browser. */
async function listAll<Item>(path: string, signal: AbortSignal): Promise<DriftingList<Item>> {
  const data: Item[] = [];
  let drift: string | null = null;
  let cursor: string | undefined;
  do {
    const { body, headers } = await call<DriftingList<Item>>('GET', path, {
      parameters: { limit: 200, cursor },
      signal,
    });
    data.push(...body.data);
    drift = headers.get('x-exhibit-schema-drift');
    cursor = body.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return { data, drift, nextCursor: null };
}

export const viewsQuery = queryOptions({
  queryKey: ['views', 'list'],
  queryFn: ({ signal }) => listAll<SavedView>(VIEWS, signal),
});

export function viewQuery(id: string) {
  return queryOptions({
    queryKey: ['views', 'one', id],
    queryFn: ({ signal }) => getJson<SavedView>(`${VIEWS}/${encodeURIComponent(id)}`, { signal }),
  });
}

export const templatesQuery = queryOptions({
  queryKey: ['templates', 'list'],
  queryFn: ({ signal }) => listAll<ExportTemplate>(TEMPLATES, signal),
});

export function templateQuery(id: string) {
  return queryOptions({
    queryKey: ['templates', 'one', id],
    queryFn: ({ signal }) =>
      getJson<ExportTemplate>(`${TEMPLATES}/${encodeURIComponent(id)}`, { signal }),
  });
}

/** @throws ApiProblem VERSION_CONFLICT if another user changed it since `version` */
async function update<Item>(
  path: string,
  id: string,
  version: number,
  draft: TemplateDraft,
): Promise<Item> {
  const headers = { 'if-match': `"${version}"` };
  return (await call<Item>('PATCH', `${path}/${encodeURIComponent(id)}`, { body: draft, headers }))
    .body;
}

export const views = {
  create: async (draft: ViewDraft) => (await call<SavedView>('POST', VIEWS, { body: draft })).body,
  update: (id: string, version: number, draft: ViewDraft) =>
    update<SavedView>(VIEWS, id, version, draft),
  delete: async (id: string) => void (await call('DELETE', `${VIEWS}/${encodeURIComponent(id)}`)),
  /** Records the use of the view. @returns its stored query */
  run: async (id: string) =>
    (await call<{ query: EventQuery }>('POST', `${VIEWS}/${encodeURIComponent(id)}/run`)).body
      .query,
};

export const templates = {
  create: async (draft: TemplateDraft) =>
    (await call<ExportTemplate>('POST', TEMPLATES, { body: draft })).body,
  update: (id: string, version: number, draft: TemplateDraft) =>
    update<ExportTemplate>(TEMPLATES, id, version, draft),
  delete: async (id: string) =>
    void (await call('DELETE', `${TEMPLATES}/${encodeURIComponent(id)}`)),
  run: async (id: string, overrides: TemplateOverrides, jobId: string) =>
    (
      await call<ExportJob>('POST', `${TEMPLATES}/${encodeURIComponent(id)}/run`, {
        body: overrides,
        headers: { 'idempotency-key': jobId },
      })
    ).body,
};
