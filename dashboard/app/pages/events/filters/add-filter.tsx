import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ListParameter } from '../../../../../contract/filter-fields.ts';
import { MAX_FILTER_VALUE_LENGTH } from '../../../../../contract/filter-limits.ts';
import type { EventSearch } from '../../../events/event-search.ts';
import { Button, buttonClass } from '../../../ui/button.tsx';
import { Field, Select, TextInput } from '../../../ui/form/field.tsx';
import { Popover } from '../../../ui/overlay/popover.tsx';
import { addFilter, withFilter } from '../cell-filter.ts';
import { MENU_FILTERS } from './filter-names.ts';
import { addCondition, type Condition, CONDITION_WORDS } from './metadata-conditions.ts';

interface AddFilterProps {
  readonly search: EventSearch;
  readonly onChange: (next: EventSearch) => void;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

const EMPTY: Condition = { path: '', op: 'eq', value: '' };

/** Adds a filter with a typed value: actor, resource, trace, … or a condition on metadata. */
export function AddFilter({ search, onChange, open, onOpenChange }: AddFilterProps) {
  const [parameter, setParameter] = useState<ListParameter | 'metadata'>('actor');
  const [value, setValue] = useState('');
  const [condition, setCondition] = useState(EMPTY);
  const isMetadata = parameter === 'metadata';
  const text = isMetadata ? condition.path.trim() : value.trim();
  const add = () => {
    if (text === '') return;
    if (isMetadata)
      onChange(withFilter(search, { metadata: addCondition(search.metadata, condition) }));
    else onChange(addFilter(search, { parameter, value: text }));
    setValue('');
    setCondition(EMPTY);
    onOpenChange(false);
  };
  return (
    <Popover
      label="Add a filter"
      open={open}
      onOpenChange={onOpenChange}
      trigger={
        <button type="button" className={buttonClass()}>
          <Plus aria-hidden size={15} /> Filter
        </button>
      }
    >
      <form
        className="grid w-72 max-w-full gap-3 p-3"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Field label="Field">
          <Select
            className="w-full"
            value={parameter}
            onChange={(event) =>
              setParameter(
                [...MENU_FILTERS.map((entry) => entry.parameter), 'metadata' as const].find(
                  (name) => name === event.target.value,
                ) ?? 'actor',
              )
            }
          >
            {MENU_FILTERS.map(({ parameter: name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
            <option value="metadata">Metadata</option>
          </Select>
        </Field>
        {isMetadata ? (
          <MetadataFields condition={condition} onChange={setCondition} />
        ) : (
          <Field label="Equals">
            <TextInput
              autoFocus
              maxLength={MAX_FILTER_VALUE_LENGTH}
              value={value}
              onChange={(event) => setValue(event.target.value)}
            />
          </Field>
        )}
        <Button
          type="submit"
          variant="primary"
          disabledReason={text === '' ? 'Enter a value first' : null}
        >
          Add filter
        </Button>
      </form>
    </Popover>
  );
}

interface MetadataFieldsProps {
  readonly condition: Condition;
  readonly onChange: (condition: Condition) => void;
}

function MetadataFields({ condition, onChange }: MetadataFieldsProps) {
  const ops = Object.entries(CONDITION_WORDS);
  return (
    <>
      <Field
        label="Path"
        hint={
          'Dot path, e.g. request.status or items[0].id. Quote names that contain dots: "a.b".c'
        }
      >
        <TextInput
          maxLength={MAX_FILTER_VALUE_LENGTH}
          value={condition.path}
          onChange={(event) => onChange({ ...condition, path: event.target.value })}
        />
      </Field>
      <Field label="Condition">
        <Select
          className="w-full"
          value={condition.op}
          onChange={(event) =>
            onChange({
              ...condition,
              op:
                event.target.value === 'exists'
                  ? 'exists'
                  : event.target.value === 'contains'
                    ? 'contains'
                    : 'eq',
            })
          }
        >
          {ops.map(([op, words]) => (
            <option key={op} value={op}>
              {words}
            </option>
          ))}
        </Select>
      </Field>
      {condition.op !== 'exists' && (
        <Field
          label="Value"
          hint="Numbers, true, false and null are matched by type; 12.5 also matches 12.50. Quote them to match text."
        >
          <TextInput
            maxLength={MAX_FILTER_VALUE_LENGTH}
            value={condition.value}
            onChange={(event) => onChange({ ...condition, value: event.target.value })}
          />
        </Field>
      )}
    </>
  );
}
