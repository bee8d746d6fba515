import { type Ref, useState } from 'react';
import { TextInput } from '../../ui/form/field.tsx';

interface TemplatesSearchBoxProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly ref?: Ref<HTMLInputElement>;
}

/** Searches while typing. Keeps the text in local state, because the address updates with a delay. */
export function TemplatesSearchBox({ value, onChange, ref }: TemplatesSearchBoxProps) {
  const [text, setText] = useState(value);
  const [sent, setSent] = useState(value);
  const [shown, setShown] = useState(value);
  if (value !== shown) {
    setShown(value);
    // Ignore the echo of our own change; apply changes by Back or a link.
    if (value !== sent) {
      setText(value);
      setSent(value);
    }
  }
  return (
    <TextInput
      ref={ref}
      type="search"
      aria-label="Search templates"
      placeholder="Search templates"
      className="max-w-80"
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        setSent(target.value.trim());
        onChange(target.value.trim());
      }}
    />
  );
}
