import { queryOptions } from '@tanstack/react-query';
import { exportQuery } from '../../api/exports.ts';
import { type ExportTemplate, viewQuery } from '../../api/presets.ts';
import { queryClient } from '../../api/query-client.ts';
import { DEFAULT_OPTIONS } from '../../exports/export-options-fields.tsx';
import { queryOfJob } from '../../exports/open-in-explorer.ts';
import type { TemplateStart } from './template-form.tsx';

export const EMPTY_START: TemplateStart = {
  ...DEFAULT_OPTIONS,
  name: '',
  description: '',
  query: { range: { previous: 'month' } },
  workspaceId: null,
};

export function startOfTemplate(template: ExportTemplate): TemplateStart {
  return template;
}

/** A template that begins with a job (`job:<id>`) or a saved view (`view:<id>`). */
export function templateStartQuery(from: string) {
  return queryOptions({
    queryKey: ['templates', 'start', from],
    queryFn: async (): Promise<TemplateStart> => {
      const [kind, id = ''] = from.split(':');
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
