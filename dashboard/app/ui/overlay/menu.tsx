import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from '../class-names.ts';

interface MenuProps {
  /** A button that accepts a ref. */
  readonly trigger: ReactNode;
  readonly children: ReactNode;
  readonly align?: 'start' | 'end';
}

export function Menu({ trigger, children, align = 'end' }: MenuProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="pop-in z-50 min-w-44 rounded-md border bg-surface p-1 shadow-float"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuItemProps {
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
  readonly onSelect: () => void;
  readonly danger?: boolean;
  /** The reason the item is disabled, shown below its name. */
  readonly disabledReason?: string | null | undefined;
}

export function MenuItem({
  icon: Icon,
  children,
  onSelect,
  danger = false,
  disabledReason,
}: MenuItemProps) {
  const off = typeof disabledReason === 'string';
  return (
    <Radix.Item
      onSelect={(event) => (off ? event.preventDefault() : onSelect())}
      aria-disabled={off || undefined}
      className={classNames(
        'flex cursor-default items-start gap-2 rounded-sm px-2 py-1.5 text-sm outline-none select-none data-[highlighted]:bg-raised',
        danger && 'text-danger',
        off && 'text-muted',
      )}
    >
      {Icon && <Icon aria-hidden size={15} strokeWidth={1.8} className="mt-0.5 shrink-0" />}
      <span className="min-w-0">
        <span className="block">{children}</span>
        {off && <span className="block max-w-56 text-xs text-muted">{disabledReason}</span>}
      </span>
    </Radix.Item>
  );
}

interface MenuChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, label: string, icon: LucideIcon])[];
  readonly onChoose: (value: Value) => void;
}

/** One of several exclusive choices; the current one is marked. */
export function MenuChoice<Value extends string>(props: MenuChoiceProps<Value>) {
  const { label, value, options, onChoose } = props;
  return (
    <Radix.RadioGroup aria-label={label} value={value}>
      <MenuLabel>{label}</MenuLabel>
      {options.map(([option, name, Icon]) => (
        <Radix.RadioItem
          key={option}
          value={option}
          onSelect={() => onChoose(option)}
          className="flex cursor-default items-center gap-2 rounded-sm px-2 py-1.5 text-sm outline-none select-none data-[highlighted]:bg-raised"
        >
          <Icon aria-hidden size={15} strokeWidth={1.8} className="shrink-0" />
          <span className="flex-1">{name}</span>
          <Radix.ItemIndicator>
            <Check aria-hidden size={15} />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}

function MenuLabel({ children }: { readonly children: ReactNode }) {
  return <Radix.Label className="px-2 py-1 text-xs text-muted">{children}</Radix.Label>;
}
