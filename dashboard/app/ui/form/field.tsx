import { ChevronDown } from 'lucide-react';
import { type ComponentProps, createContext, type ReactNode, use, useId, useMemo } from 'react';
import { classNames } from '../class-names.ts';

interface FieldIds {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
}

const FieldContext = createContext<FieldIds | undefined>(undefined);

interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** The validation error, if any. */
  readonly error?: string | null | undefined;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A label with its control (TextInput, TextArea or Select), hint and error, linked by IDs. */
export function Field({ label, hint, error, children, className }: FieldProps) {
  const id = useId();
  const invalid = typeof error === 'string' && error !== '';
  const described = invalid ? `${id}-error` : hint === undefined ? undefined : `${id}-hint`;
  const ids = useMemo(() => ({ id, describedBy: described, invalid }), [id, described, invalid]);
  return (
    <div className={classNames('grid gap-1', className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <FieldContext value={ids}>{children}</FieldContext>
      {invalid ? (
        <p id={`${id}-error`} className="text-xs text-danger first-letter:uppercase">
          {error}
        </p>
      ) : (
        hint !== undefined && (
          <p id={`${id}-hint`} className="text-xs text-muted">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

/** Classes of text controls. */
export const controlClass =
  'w-full rounded-md border border-line-strong bg-surface px-2.5 text-base text-text placeholder:text-muted aria-invalid:border-danger';

function useFieldProps() {
  const field = use(FieldContext);
  if (field === undefined) return {};
  return {
    id: field.id,
    'aria-describedby': field.describedBy,
    'aria-invalid': field.invalid || undefined,
  };
}

export function TextInput({ className, ...props }: ComponentProps<'input'>) {
  return (
    <input {...useFieldProps()} {...props} className={classNames(controlClass, 'h-8', className)} />
  );
}

export function TextArea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...useFieldProps()}
      rows={3}
      {...props}
      className={classNames(controlClass, 'py-1.5', className)}
    />
  );
}

/** A native select, which works well on phones too. */
export function Select({ className, children, ...props }: ComponentProps<'select'>) {
  return (
    <span className={classNames('relative inline-block', className)}>
      <select
        {...useFieldProps()}
        {...props}
        className={classNames(controlClass, 'h-8 appearance-none pr-8 text-sm')}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden
        size={15}
        className="pointer-events-none absolute top-2 right-2.5 text-muted"
      />
    </span>
  );
}
