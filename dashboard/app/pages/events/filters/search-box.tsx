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

/** Searches a moment after the last key, or at once with Enter. */
export function SearchBox({ value, onChange, ref }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  const [sent, setSent] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (value !== shown) {
    setShown(value);
    setSent(value);
    // By other means: Back, a saved view, Reset. The echo of what was sent leaves the text alone, which may
    // have gone on since, or end in a space that the next word needs.
    if (value !== sent) setText(value);
  }
  // When the pause is over, what is in the box counts, and the filters that are in force by then.
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
          // The browser would clear the box, and with it the filter.
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
