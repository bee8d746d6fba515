import { Dialog } from '../ui/overlay/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { useMe } from '../session/session.tsx';
import { NAVIGATION } from './navigation.ts';

const IN_LISTS = [
  ['/', 'Search'],
  ['j', 'Next row'],
  ['k', 'Previous row'],
  ['Enter', 'Open row'],
  ['e', 'Export matching events'],
  ['f', 'Add filter'],
] as const;

export function KeyboardHelp({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const me = useMe();
  const pages = NAVIGATION.filter(({ visible }) => visible(me)).map(
    ({ key, label }) => [`g ${key}`, label] as const,
  );
  const groups = [
    {
      title: 'Everywhere',
      keys: [['?', 'Show this help'], ...pages, ['Esc', 'Close dialog or drawer']] as const,
    },
    { title: 'Events and exports', keys: IN_LISTS },
  ];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <div className="grid gap-6 pb-2 sm:grid-cols-2">
        {groups.map(({ title, keys }) => (
          <section key={title}>
            <h3 className="mb-2 text-xs font-medium text-muted">{title}</h3>
            <dl className="grid gap-1.5">
              {keys.map(([key, meaning]) => (
                <div key={key} className="flex items-center justify-between gap-3 text-sm">
                  <dt>{meaning}</dt>
                  <dd className="flex gap-1">
                    {key.split(' ').map((part) => (
                      <Kbd key={part}>{part}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
