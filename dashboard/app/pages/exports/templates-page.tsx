import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { FileStack, Plus, SearchX } from 'lucide-react';
import { useState } from 'react';
import { type ExportTemplate, templatesQuery } from '../../api/presets.ts';
import { PageHeader } from '../../shell/page-header.tsx';
import { ProblemState } from '../../shell/problem-state.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { showToast } from '../../ui/toast.tsx';
import { ExportsTabs } from './exports-tabs.tsx';
import { ExportsTableSkeleton } from './exports-table.tsx';
import { RunTemplateDialog } from './run-template-dialog.tsx';
import { TemplateForm } from './template-form.tsx';
import { EMPTY_START, startOfTemplate, templateStartQuery } from './template-start.ts';
import { readTemplatesSearch } from './templates-search.ts';
import { TemplatesTable } from './templates-table.tsx';

type Open =
  | { readonly kind: 'new' }
  | { readonly kind: 'edit' | 'run'; readonly template: ExportTemplate };

/** Named exports to run again and again. */
export function TemplatesPage() {
  const { from } = readTemplatesSearch(useSearch({ from: '/signed-in/exports/templates' }));
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>();
  const [text, setText] = useState('');
  const list = useQuery(templatesQuery);
  const start = useQuery({
    ...templateStartQuery(from ?? ''),
    enabled: from !== undefined,
    retry: false,
  });
  const close = () => {
    setOpen(undefined);
    if (from !== undefined) void navigate({ to: '/exports/templates', search: {}, replace: true });
  };
  const saved = (template: ExportTemplate) => {
    close();
    showToast({ tone: 'success', title: `Template “${template.name}” saved` });
  };
  const all = list.data?.data ?? [];
  const wanted = text.trim().toLowerCase();
  const shown = all.filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(wanted),
  );
  const drift = list.data?.drift != null;
  const add = (
    <Button
      variant="primary"
      icon={Plus}
      disabledReason={drift ? 'This region has not been migrated to have templates' : null}
      onClick={() => setOpen({ kind: 'new' })}
    >
      New template…
    </Button>
  );
  return (
    <>
      <PageHeader title="Exports" tabTitle="Export templates" actions={add}>
        <ExportsTabs />
      </PageHeader>
      {drift ? (
        <div className="px-4 py-4 lg:px-6">
          <Notice tone="warning" title="No templates in this region yet">
            It has not been migrated to 20260514120000_export_templates. Everything else works; an
            operator runs the migration, and templates appear here without a restart.
          </Notice>
        </div>
      ) : list.error && !list.data ? (
        <ProblemState
          error={list.error}
          onRetry={() => void list.refetch()}
          title="The templates could not be loaded"
        />
      ) : list.data === undefined ? (
        <ExportsTableSkeleton />
      ) : all.length === 0 ? (
        <EmptyState icon={FileStack} title="No templates yet" actions={add}>
          A template keeps a filter, a format and their options under a name: the month-end export,
          the auditor's sample. Make one here, or from any export's menu.
        </EmptyState>
      ) : (
        <>
          <div className="px-4 py-3 lg:px-6">
            <TextInput
              type="search"
              aria-label="Search templates"
              placeholder="Search templates"
              className="max-w-80"
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          </div>
          {shown.length === 0 ? (
            <EmptyState icon={SearchX} title="No template is called that" />
          ) : (
            <TemplatesTable
              templates={shown}
              onRun={(template) => setOpen({ kind: 'run', template })}
              onEdit={(template) => setOpen({ kind: 'edit', template })}
            />
          )}
        </>
      )}
      {open?.kind === 'run' && <RunTemplateDialog template={open.template} onClose={close} />}
      {open?.kind === 'edit' && (
        <TemplateForm
          template={open.template}
          start={startOfTemplate(open.template)}
          onClose={close}
          onSaved={saved}
        />
      )}
      {open?.kind === 'new' && <TemplateForm start={EMPTY_START} onClose={close} onSaved={saved} />}
      {from !== undefined && open === undefined && start.data && (
        <TemplateForm start={start.data} onClose={close} onSaved={saved} />
      )}
    </>
  );
}
