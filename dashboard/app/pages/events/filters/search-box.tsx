import { Search, X } from 'lucide-react';
import { type Ref, useEffect, useRef, useState } from 'react';
import { controlClass } from '../../../ui/field.tsx';
import { classNames } from '../../../ui/class-names.ts';

const PAUSE_MS = 400;
const MOST = 256;

interface SearchBoxProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly ref?: Ref<HTMLInputElement>;
}

/** Searches a moment after the last key, or at once with Enter. */
export function SearchBox({ value, onChange, ref }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The URL changed by other means: Back, a saved view, Reset.
  if (value !== shown) {
    setShown(value);
    setText(value);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const send = (next: string, afterMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => next.trim() !== value && onChange(next.trim()), afterMs);
  };
  const change = (next: string, afterMs: number) => {
    setText(next);
    send(next, afterMs);
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
        title="In action, category, actor, resource, trace and IP address; case is ignored"
        placeholder="Search"
        maxLength={MOST}
        value={text}
        onChange={(event) => change(event.target.value, PAUSE_MS)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') send(text, 0);
          if (event.key === 'Escape') event.currentTarget.blur();
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
