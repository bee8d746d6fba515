import * as z from 'zod/mini';
import { queryOptions } from '@tanstack/react-query';
import { exportQuery } from '../../api/exports.ts';
import { meQuery } from '../../api/me.ts';
import { type ExportTemplate, viewQuery } from '../../api/presets.ts';
import { queryClient } from '../../api/query-client.ts';
import { checkEventSearch, queryOfSearch } from '../../events/event-search.ts';
import { CSV_COLUMNS } from '../../exports/csv-columns.ts';
import {
  DEFAULT_OPTIONS,
  type FormatOptions,
} from '../../exports/dialog/export-options-fields.tsx';
import { queryOfJob } from '../../exports/open-in-explorer.ts';
import { parseSearch } from '../../search-parameters.ts';
import type { TemplateStart } from './template-form.tsx';

const EMPTY_START: TemplateStart = {
  ...DEFAULT_OPTIONS,
  name: '',
  description: '',
  query: { range: { previous: 'month' } },
  workspaceId: null,
};

export function startOfTemplate(template: ExportTemplate): TemplateStart {
  return template;
}

/**
 * The initial values of a new template: empty, from a job (`job:<id>`), a saved view (`view:<id>`) or a filter
 * (`explorer:…`).
 */
export function templateStartQuery(from: string) {
  return queryOptions({
    queryKey: ['templates', 'start', from],
    queryFn: async (): Promise<TemplateStart> => {
      const [kind, id = ''] = from.split(':');
      if (kind === 'nothing') return EMPTY_START;
      if (kind === 'explorer') return startOfSearch(from.slice('explorer:'.length));
      if (kind === 'view') {
        const view = await queryClient.fetchQuery(viewQuery(id));
        return {
          ...EMPTY_START,
          name: view.name,
          description: view.description,
          query: view.query,
          workspaceId: view.workspaceId,
        };
      }
      const job = await queryClient.fetchQuery(exportQuery(id));
      const { format, compression, csv, workspaceIds } = job;
      const own = workspaceIds.length === 1 ? (workspaceIds[0] ?? null) : null;
      return { ...EMPTY_START, format, compression, csv, query: queryOfJob(job), workspaceId: own };
    },
  });
}

/**
 * Reads a filter written as an explorer address. Rejects malformed parameters, because the template would otherwise
 * cover more.
 */
async function startOfSearch(address: string): Promise<TemplateStart> {
  const me = await queryClient.ensureQueryData(meQuery);
  const search = parseSearch(address);
  const {
    format: _format,
    compression: _compression,
    formulaGuard: _guard,
    bom: _bom,
    columns: _columns,
    ...own
  } = search;
  const { search: read, ignored } = checkEventSearch(own);
  const first = ignored.find(({ limits }) => limits);
  if (first !== undefined) {
    const { name, value, reason } = first;
    throw new Error(`Invalid filter in this address: ${name}=${value}. ${reason}`);
  }
  const query = queryOfSearch(read, me);
  return { ...EMPTY_START, ...optionsOf(search), query };
}

/** `stringifySearch` writes true as `1` and omits false. */
const flag = z.pipe(
  z.optional(z.literal('1')),
  z.transform((value) => value === '1'),
);

const OPTIONS = z.object({
  format: z.enum(['JSONL', 'CSV']),
  compression: z.enum(['none', 'gzip', 'zstd']),
  formulaGuard: flag,
  bom: flag,
  columns: z.optional(
    z.pipe(
      z.union([z.enum(CSV_COLUMNS), z.array(z.enum(CSV_COLUMNS))]),
      z.transform((names) => [names].flat()),
    ),
  ),
});

/** The export options that SaveAsTemplate adds to the filter. */
function optionsOf(search: Record<string, unknown>): FormatOptions {
  const { success, data } = OPTIONS.safeParse(search);
  if (!success) return DEFAULT_OPTIONS;
  const { format, compression, formulaGuard, bom, columns } = data;
  const csv = { formulaGuard, bom, ...(columns === undefined ? {} : { columns }) };
  return { format, compression, csv };
}
