import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { FileStack, Plus, SearchX } from 'lucide-react';
import { useRef } from 'react';
import { type ExportTemplate, templatesQuery } from '../../api/presets.ts';
import { useWithoutDeleted } from '../../shell/being-deleted.ts';
import { IgnoredNotice } from '../../shell/ignored-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { ProblemState } from '../../shell/problem-state.tsx';
import { useRowKeys } from '../../shell/row-keys.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/overlay/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Notice } from '../../ui/notice.tsx';
import { showToast } from '../../ui/overlay/toast.tsx';
import { ExportsTableSkeleton } from '../exports/exports-table.tsx';
import { ExportsTabs } from '../exports/exports-tabs.tsx';
import { TemplateDialogs } from './template-dialogs.tsx';
import { templateStartQuery } from './template-start.ts';
import { checkTemplatesSearch, type TemplatesSearch } from './templates-search.ts';
import { TemplatesSearchBox } from './templates-search-box.tsx';
import { TemplatesTable } from './templates-table.tsx';

/** The export templates. */
export function TemplatesPage() {
  // Parsed here as well, because the router merges the parsed parameters with the raw ones.
  const checked = checkTemplatesSearch(useSearch({ from: '/signed-in/exports/templates' }));
  const search: TemplatesSearch = checked.read;
  const { q = '', from } = search;
  const navigate = useNavigate();
  const list = useQuery(templatesQuery);
  const start = useQuery({
    ...templateStartQuery(from ?? ''),
    enabled: from !== undefined,
    retry: false,
  });
  const kept = q === '' ? {} : { q };
  const show = (next: TemplatesSearch, replace = false) =>
    void navigate({ to: '/exports/templates', search: { ...kept, ...next }, replace });
  const close = () => show({}, true);
  const saved = (template: ExportTemplate) => {
    close();
    showToast({ tone: 'success', title: `Template “${template.name}” saved` });
  };
  const all = useWithoutDeleted(list.data?.data ?? []);
  const wanted = q.trim().toLowerCase();
  const shown = all.filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(wanted),
  );
  const searchBox = useRef<HTMLInputElement>(null);
  useShortcuts({ '/': () => searchBox.current?.focus() });
  useRowKeys({ openIndex: -1, count: shown.length, onOpen: () => undefined });
  const drift = list.data?.drift != null;
  const add = (
    <Button
      variant="primary"
      icon={Plus}
      disabledReason={
        drift
          ? "Templates aren't available in this region yet: its database needs a migration"
          : null
      }
      onClick={() => show({ from: 'nothing' })}
    >
      New template…
    </Button>
  );
  return (
    <>
      <PageHeader title="Exports" tabTitle="Export templates" actions={add}>
        <ExportsTabs />
      </PageHeader>
      <IgnoredNotice ignored={checked.ignored} onContinue={() => show(search, true)} />
      {drift ? (
        <div className="px-4 py-4 lg:px-6">
          <Notice tone="warning" title="Templates aren't available in this region yet">
            Its database lacks migration 20260514120000_export_templates. Ask your operator to run
            it; templates then appear without a restart. Everything else works.
          </Notice>
        </div>
      ) : list.error && !list.data ? (
        <ProblemState
          error={list.error}
          onRetry={() => void list.refetch()}
          title="Couldn't load the templates"
        />
      ) : list.data === undefined ? (
        <ExportsTableSkeleton />
      ) : all.length === 0 ? (
        <EmptyState icon={FileStack} title="No templates yet" actions={add}>
          Save a filter and format to reuse, e.g. for month-end exports. Create one here or from any
          export's menu.
        </EmptyState>
      ) : (
        <>
          <div className="px-4 py-3 lg:px-6">
            <TemplatesSearchBox
              ref={searchBox}
              value={q}
              onChange={(text) =>
                void navigate({
                  to: '/exports/templates',
                  search: text === '' ? {} : { q: text },
                  replace: true,
                })
              }
            />
          </div>
          {shown.length === 0 ? (
            <EmptyState
              icon={SearchX}
              title="No matching templates"
              actions={
                <Button onClick={() => void navigate({ to: '/exports/templates', search: {} })}>
                  Show all templates
                </Button>
              }
            >
              Search covers names and descriptions.
            </EmptyState>
          ) : (
            <TemplatesTable
              templates={shown}
              onRun={({ id }) => show({ run: id })}
              onEdit={({ id }) => show({ edit: id })}
            />
          )}
        </>
      )}
      {list.data !== undefined && !drift && (
        <TemplateDialogs
          templates={all}
          search={search}
          start={start.data}
          onClose={close}
          onSaved={saved}
        />
      )}
      {start.error && !drift && (
        <Dialog
          open
          onOpenChange={close}
          title="New template"
          footer={<Button onClick={close}>Close</Button>}
        >
          <ProblemNotice title="Couldn't load the source of this template" error={start.error} />
        </Dialog>
      )}
    </>
  );
}
