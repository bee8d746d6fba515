import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { buttonClass } from '../button.tsx';
import { ChoiceList } from './choice-list.tsx';
import { Popover } from '../overlay/popover.tsx';

interface FacetPickerProps {
  /** "Category" */
  readonly name: string;
  /** "categories" */
  readonly plural: string;
  readonly choices: readonly {
    readonly value: string;
    readonly label: string;
    readonly detail?: ReactNode;
  }[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly freeText?: boolean;
  readonly busy?: boolean;
  /** If true, exactly one value is chosen, and choosing another replaces it. */
  readonly single?: boolean;
}

/** A button whose menu sets one list filter. */
export function FacetPicker(props: FacetPickerProps) {
  const { name, plural, choices, chosen, onChange, single = false } = props;
  const toggle = (value: string) => {
    if (single) onChange([value]);
    else
      onChange(
        chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value],
      );
  };
  return (
    <Popover
      label={`Filter by ${name.toLowerCase()}`}
      trigger={
        <button type="button" className={buttonClass()}>
          {name}
          {chosen.length > 0 && !single && (
            <span className="rounded-sm bg-accent-tint px-1 text-xs text-accent-strong tabular-nums">
              {chosen.length}
            </span>
          )}
          <ChevronDown aria-hidden size={14} className="text-muted" />
        </button>
      }
    >
      <ChoiceList
        placeholder={`Search ${plural}`}
        choices={choices}
        chosen={chosen}
        onToggle={toggle}
        freeText={props.freeText ?? false}
        busy={props.busy ?? false}
      />
    </Popover>
  );
}
