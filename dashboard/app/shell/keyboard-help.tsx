import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';

const GROUPS = [
  {
    title: 'Everywhere',
    keys: [
      ['?', 'This help'],
      ['g h', 'Home'],
      ['g e', 'Events'],
      ['g x', 'Exports'],
      ['g v', 'Evidence'],
      ['g s', 'Settings'],
      ['Esc', 'Close what is open'],
    ],
  },
  {
    title: 'Events and exports',
    keys: [
      ['/', 'Search'],
      ['j', 'Next row'],
      ['k', 'Previous row'],
      ['Enter', 'Open the row'],
      ['e', 'Export the matching events'],
      ['f', 'Add a filter'],
    ],
  },
] as const;

export function KeyboardHelp({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <div className="grid gap-6 pb-2 sm:grid-cols-2">
        {GROUPS.map(({ title, keys }) => (
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
