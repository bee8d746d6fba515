import { Link, useNavigate } from '@tanstack/react-router';
import { CalendarSearch, MoreHorizontal, Pencil, Play, Trash2 } from 'lucide-react';
import { templates as api, type ExportTemplate, templatesQuery } from '../../api/presets.ts';
import { queryClient } from '../../api/query-client.ts';
import { describeQuery } from '../../events/describe-query.ts';
import { searchOfQuery } from '../../events/event-search.ts';
import { useMe, useWorkspaceName } from '../../session/session.tsx';
import { deleteWithUndo } from '../../shell/delete-with-undo.tsx';
import { useTimeZone } from '../../time/time-zone.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../ui/overlay/menu.tsx';
import { RowBoundary } from '../../ui/row-boundary.tsx';
import { Table, Td, Th, Tr } from '../../ui/table.tsx';

interface TemplatesTableProps {
  readonly templates: readonly ExportTemplate[];
  readonly onRun: (template: ExportTemplate) => void;
  readonly onEdit: (template: ExportTemplate) => void;
}

export function TemplatesTable({ templates, onRun, onEdit }: TemplatesTableProps) {
  return (
    <Table aria-label="Templates" className="border-t">
      <thead>
        <tr>
          <Th className="pl-4 lg:pl-6">Name</Th>
          <Th className="max-sm:hidden">Scope</Th>
          <Th className="max-md:hidden">Format</Th>
          <Th className="max-md:hidden">Visible to</Th>
          <Th className="max-xl:hidden">Last changed</Th>
          <Th className="pr-4 text-right lg:pr-6">
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {templates.map((template) => (
          <RowBoundary key={template.id} id={template.name}>
            <TemplateRow template={template} onRun={onRun} onEdit={onEdit} />
          </RowBoundary>
        ))}
      </tbody>
    </Table>
  );
}

interface TemplateRowProps extends Omit<TemplatesTableProps, 'templates'> {
  readonly template: ExportTemplate;
}

function TemplateRow({ template, onRun, onEdit }: TemplateRowProps) {
  const me = useMe();
  const navigate = useNavigate();
  const workspaceName = useWorkspaceName();
  const { name: zone } = useTimeZone();
  const { name, description, query, format, compression, workspaceId, createdBy, updatedAt } =
    template;
  const locked =
    me.permissions.companyWide || createdBy.id === me.user.id
      ? null
      : `Created by ${createdBy.label}. Members can only change their own templates`;
  const covers = describeQuery(query, { zone, workspaceName }).map(
    (phrase) => `${phrase.name}: ${phrase.value}`,
  );
  return (
    <Tr>
      <Td className="max-w-72 py-1.5 pl-4 lg:pl-6">
        <Link
          to="/events"
          search={searchOfQuery(query)}
          data-row
          className="block truncate font-medium hover:text-accent"
          title={description === '' ? 'View matching events' : description}
        >
          <bdi>{name}</bdi>
        </Link>
        <span className="block truncate text-xs text-muted">
          {description === '' ? createdBy.label : description}
        </span>
      </Td>
      <Td className="max-w-80 truncate max-sm:hidden" title={covers.join('\n')}>
        {covers.join(' · ')}
      </Td>
      <Td className="whitespace-nowrap max-md:hidden">
        {format}
        {compression !== 'none' && <span className="text-muted"> {compression}</span>}
      </Td>
      <Td className="max-md:hidden">
        {workspaceId === null ? 'Company' : workspaceName(workspaceId)}
      </Td>
      <Td className="max-xl:hidden">
        <Timestamp value={updatedAt} />
      </Td>
      <Td className="pr-4 lg:pr-6">
        <span className="flex items-center justify-end gap-1">
          <Button size="sm" icon={Play} onClick={() => onRun(template)} aria-label={`Run ${name}`}>
            Run
          </Button>
          <Menu trigger={<IconButton label={`More for ${name}`} icon={MoreHorizontal} />}>
            <MenuItem icon={Pencil} disabledReason={locked} onSelect={() => onEdit(template)}>
              Edit…
            </MenuItem>
            <MenuItem
              icon={CalendarSearch}
              onSelect={() => void navigate({ to: '/events', search: searchOfQuery(query) })}
            >
              Open in Explorer
            </MenuItem>
            <MenuSeparator />
            <MenuItem
              icon={Trash2}
              danger
              disabledReason={locked}
              onSelect={() => deleteTemplate(template)}
            >
              Delete
            </MenuItem>
          </Menu>
        </span>
      </Td>
    </Tr>
  );
}

function deleteTemplate({ id, name }: ExportTemplate): void {
  deleteWithUndo({
    id,
    title: `Template “${name}” deleted`,
    remove: () => api.delete(id),
    reload: () => queryClient.invalidateQueries({ queryKey: templatesQuery.queryKey }),
  });
}
