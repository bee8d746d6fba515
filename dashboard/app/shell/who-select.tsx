import { Select } from '../ui/form/field.tsx';

interface WhoSelectProps {
  readonly label: string;
  readonly value: string | undefined;
  /** Maps each value to its label. */
  readonly people: ReadonlyMap<string, string>;
  readonly apiKeys: ReadonlyMap<string, string>;
  /** Label of a value that is in neither map. */
  readonly unknown: string;
  readonly onChange: (value: string | undefined) => void;
}

/** Selects anyone, a person or an API key. */
export function WhoSelect({ label, value, people, apiKeys, unknown, onChange }: WhoSelectProps) {
  const isKnown = value === undefined || people.has(value) || apiKeys.has(value);
  return (
    <Select
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
      className="max-w-64"
    >
      <option value="">Anyone</option>
      <Options label="People" names={people} />
      <Options label="API keys" names={apiKeys} />
      {!isKnown && <option value={value}>{unknown}</option>}
    </Select>
  );
}

function Options({
  label,
  names,
}: {
  readonly label: string;
  readonly names: ReadonlyMap<string, string>;
}) {
  if (names.size === 0) return null;
  return (
    <optgroup label={label}>
      {[...names].map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </optgroup>
  );
}
