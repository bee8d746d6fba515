import { useState } from 'react';
import type { ExportTemplate } from '../../api/presets.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/overlay/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { RunTemplateDialog } from './run-template-dialog.tsx';
import { TemplateForm, type TemplateStart } from './template-form.tsx';
import { startOfTemplate } from './template-start.ts';
import type { TemplatesSearch } from './templates-search.ts';

interface TemplateDialogsProps {
  readonly templates: readonly ExportTemplate[];
  readonly search: TemplatesSearch;
  /** The initial values of a new template, once loaded. */
  readonly start: TemplateStart | undefined;
  readonly onClose: () => void;
  readonly onSaved: (template: ExportTemplate) => void;
}

/** Renders the dialog selected by the address. */
export function TemplateDialogs(props: TemplateDialogsProps) {
  const { templates, search, start, onClose, onSaved } = props;
  const wanted = search.run ?? search.edit;
  if (wanted === undefined) {
    if (search.from === undefined || start === undefined) return null;
    return <TemplateForm key={search.from} start={start} onClose={onClose} onSaved={onSaved} />;
  }
  const template = templates.find(({ id }) => id === wanted);
  if (template === undefined) return <NoSuchTemplate onClose={onClose} />;
  if (search.run !== undefined)
    return <RunTemplateDialog key={wanted} template={template} onClose={onClose} />;
  return <OpenTemplate key={wanted} {...{ template, onClose, onSaved }} />;
}

/** Edits the template as it was when opened, even if the list reloads, so that saving detects a newer version. */
function OpenTemplate({
  template: listed,
  onClose,
  onSaved,
}: {
  readonly template: ExportTemplate;
} & Pick<TemplateDialogsProps, 'onClose' | 'onSaved'>) {
  const [template] = useState(listed);
  return (
    <TemplateForm
      template={template}
      start={startOfTemplate(template)}
      onClose={onClose}
      onSaved={onSaved}
    />
  );
}

function NoSuchTemplate({ onClose }: Pick<TemplateDialogsProps, 'onClose'>) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Template"
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <Notice tone="warning" title="Template not found">
        The template was deleted, or it belongs to a workspace you don't have access to.
      </Notice>
    </Dialog>
  );
}
