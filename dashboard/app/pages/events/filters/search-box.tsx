import { Search, X } from 'lucide-react';
import { type Ref, useEffect, useRef, useState } from 'react';
import { controlClass } from '../../../ui/form/field.tsx';
import { classNames } from '../../../ui/class-names.ts';

const PAUSE_MS = 400;
const MAX = 256;

interface SearchBoxProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly ref?: Ref<HTMLInputElement>;
}

/** Searches shortly after the last keystroke, or immediately on Enter. */
export function SearchBox({ value, onChange, ref }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  const [sent, setSent] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (value !== shown) {
    setShown(value);
    setSent(value);
    // The value changed elsewhere: Back, a saved view, Reset. When it only echoes the sent text, keep the input,
    // which may
    // have changed since, or end in a space.
    if (value !== sent) setText(value);
  }
  // After the pause, use the current text and the current filters.
  const latest = useRef({ text, value, onChange });
  useEffect(() => {
    latest.current = { text, value, onChange };
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const sendAfter = (pauseMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const next = latest.current.text.trim();
      if (next === latest.current.value) return;
      setSent(next);
      latest.current.onChange(next);
    }, pauseMs);
  };
  const change = (next: string, pauseMs: number) => {
    setText(next);
    sendAfter(pauseMs);
  };
  return (
    <div className="relative min-w-44 flex-1 sm:max-w-80">
      <Search
        aria-hidden
        size={15}
        className="pointer-events-none absolute top-2 left-2.5 text-muted"
      />
      <input
        ref={ref}
        type="search"
        aria-label="Search events"
        title="Searches action, category, actor (email, ID, role), resource, project, tags, trace ID, IP address and user agent. Not case-sensitive."
        placeholder="Search"
        maxLength={MAX}
        value={text}
        onChange={(event) => change(event.target.value, PAUSE_MS)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') sendAfter(0);
          if (event.key !== 'Escape') return;
          // Escape would clear a search input, and with it the filter.
          event.preventDefault();
          event.currentTarget.blur();
        }}
        className={classNames(
          controlClass,
          'h-8 pr-8 pl-8 text-sm [&::-webkit-search-cancel-button]:hidden',
        )}
      />
      {text !== '' && (
        <button
          type="button"
          aria-label="Clear search"
          onClick={() => change('', 0)}
          className="absolute top-1 right-1 grid size-6 place-items-center rounded-sm text-muted hover:bg-raised"
        >
          <X aria-hidden size={14} />
        </button>
      )}
    </div>
  );
}
