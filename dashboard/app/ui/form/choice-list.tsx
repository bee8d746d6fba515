import { Command } from 'cmdk';
import { Check, Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';

interface Choice {
  readonly value: string;
  readonly label: string;
  /** Shown at the right edge, such as a count. */
  readonly detail?: ReactNode;
}

interface ChoiceListProps {
  /** "Search categories" */
  readonly placeholder: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly onToggle: (value: string) => void;
  /** If true, typed text that matches no choice can be used as a value. */
  readonly freeText?: boolean;
  readonly busy?: boolean;
}

/** A searchable multiple-choice list with arrow-key navigation. */
export function ChoiceList(props: ChoiceListProps) {
  const { placeholder, choices, chosen, onToggle, freeText = false, busy = false } = props;
  const [text, setText] = useState('');
  const typed = text.trim();
  const isNew = freeText && typed !== '' && !choices.some(({ label }) => label === typed);
  const others = chosen.filter((value) => !choices.some((choice) => choice.value === value));
  const wanted = typed.toLowerCase();
  const all = [
    ...others.map((value) => ({ value, label: value, detail: undefined })),
    ...choices,
  ].filter(({ label }) => label.toLowerCase().includes(wanted));
  // Enter pressed before the choices loaded selects the first match, not the typed text itself.
  const [marked, setMarked] = useState('');
  const [wasBusy, setWasBusy] = useState(busy);
  if (wasBusy !== busy) {
    setWasBusy(busy);
    const [first] = all;
    if (!busy && first !== undefined) setMarked(first.value);
  }
  return (
    // Filtered here, because cmdk's own ranking would put the typed text before existing values.
    <Command
      label={placeholder}
      shouldFilter={false}
      value={marked}
      onValueChange={setMarked}
      className="w-72 max-w-full"
    >
      <Command.Input
        autoFocus
        value={text}
        onValueChange={setText}
        placeholder={placeholder}
        className="h-9 w-full border-b bg-transparent px-3 text-sm outline-none placeholder:text-muted"
      />
      <Command.List className="max-h-72 overflow-y-auto p-1" aria-busy={busy}>
        <Command.Empty className="px-2 py-3 text-sm text-muted">
          {busy ? 'Loading…' : 'No matches.'}
        </Command.Empty>
        {all.map(({ value, label, detail }) => (
          <Command.Item
            key={value}
            value={value}
            onSelect={() => onToggle(value)}
            className="flex h-8 cursor-default items-center gap-2 rounded-sm px-2 text-sm data-[selected=true]:bg-raised"
          >
            <span
              aria-hidden
              className="grid size-4 shrink-0 place-items-center rounded-sm border border-line-strong text-accent"
            >
              {chosen.includes(value) && <Check size={12} strokeWidth={3} />}
            </span>
            <bdi className="min-w-0 flex-1 truncate" title={label}>
              {label}
            </bdi>
            {chosen.includes(value) && <span className="sr-only">chosen</span>}
            <span className="text-xs text-muted tabular-nums">{detail}</span>
          </Command.Item>
        ))}
        {isNew && (
          <Command.Item
            value={`new ${typed}`}
            onSelect={() => {
              onToggle(typed);
              setText('');
            }}
            className="flex h-8 cursor-default items-center gap-2 rounded-sm px-2 text-sm data-[selected=true]:bg-raised"
          >
            <Plus aria-hidden size={14} className="text-muted" /> Use “{typed}”
          </Command.Item>
        )}
      </Command.List>
    </Command>
  );
}
