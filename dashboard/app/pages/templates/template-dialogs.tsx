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
  /** What a new one begins with, once it is known. */
  readonly start: TemplateStart | undefined;
  readonly onClose: () => void;
  readonly onSaved: (template: ExportTemplate) => void;
}

/** The dialog that the address names. */
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

/** Edits what was opened, also when the list behind it is loaded anew: the version says which that was. */
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
