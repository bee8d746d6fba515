import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { RawNumber } from '../../api/event-json.ts';
import { visibleValue } from '../../format/visible-text.ts';
import { classNames } from '../../ui/class-names.ts';
import { canBeSecret, isSensitiveKey } from './sensitive-keys.ts';

/** Deeper levels start collapsed. */
const OPEN_LEVELS = 2;
/** Deeper levels are not indented further, to leave room for their content. */
const INDENTED_LEVELS = 12;
/** Number of items shown before "Show more". */
const SHOWN_ITEMS = 100;

/** JSON as a collapsible tree. Values under keys that look like secrets are hidden. */
export function JsonTree({ value, label }: { readonly value: unknown; readonly label: string }) {
  return (
    <div
      role="group"
      aria-label={label}
      className="rounded-md border bg-bg px-2 py-1.5 font-mono text-xs leading-5"
    >
      <Branch value={value} level={0} />
    </div>
  );
}

function Branch({ value, level }: { readonly value: unknown; readonly level: number }) {
  const [all, setAll] = useState(false);
  const entries = entriesOf(value);
  const shown = all ? entries : entries.slice(0, SHOWN_ITEMS);
  return (
    <ul className={classNames(level > 0 && level <= INDENTED_LEVELS && 'ml-2 border-l pl-3')}>
      {shown.map(([key, member]) => (
        <Member key={key} name={key} value={member} level={level} ofList={Array.isArray(value)} />
      ))}
      {shown.length < entries.length && (
        <li>
          <button type="button" className="text-accent underline" onClick={() => setAll(true)}>
            Show {entries.length - shown.length} more
          </button>
        </li>
      )}
    </ul>
  );
}

interface MemberProps {
  readonly name: string;
  readonly value: unknown;
  readonly level: number;
  readonly ofList: boolean;
}

function Member({ name, value, level, ofList }: MemberProps) {
  const [open, setOpen] = useState(level < OPEN_LEVELS);
  const hidden = !ofList && canBeSecret(value) && isSensitiveKey(name);
  const size = hidden ? 0 : entriesOf(value).length;
  if (hidden || size === 0) {
    return (
      <li className="flex gap-2 py-px pl-4">
        <bdi className="max-w-1/2 shrink-0 break-all text-muted">{visibleValue(name)}</bdi>
        {hidden ? (
          <span
            className="rounded-sm bg-raised px-1 text-muted italic"
            title="Hidden here. Exports contain the original value."
          >
            redacted
          </span>
        ) : (
          <Leaf value={value} />
        )}
      </li>
    );
  }
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center gap-1 rounded-sm py-px text-left hover:bg-raised"
      >
        <ChevronRight
          aria-hidden
          size={12}
          className={classNames('shrink-0 transition-transform', open && 'rotate-90')}
        />
        <bdi className="min-w-0 break-all text-muted">{visibleValue(name)}</bdi>
        <span className="text-muted">{Array.isArray(value) ? `[${size}]` : `{${size}}`}</span>
      </button>
      {open && <Branch value={value} level={level + 1} />}
    </li>
  );
}

function Leaf({ value }: { readonly value: unknown }): ReactNode {
  if (typeof value === 'string')
    return (
      <bdi className="min-w-0 wrap-anywhere whitespace-pre-wrap text-success">
        {visibleValue(value)}
      </bdi>
    );
  if (typeof value === 'number' || value instanceof RawNumber)
    return <span className="min-w-0 break-all text-info">{String(value)}</span>;
  if (typeof value === 'boolean' || value === null)
    return <span className="text-warning">{String(value)}</span>;
  return <span className="text-muted">{Array.isArray(value) ? '[]' : '{}'}</span>;
}

/** Whether a value has members to show as a tree. */
export function isBranch(value: unknown): boolean {
  return entriesOf(value).length > 0;
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || value instanceof RawNumber) return [];
  return Object.entries(value);
}
