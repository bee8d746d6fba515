import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  ChevronsUpDown,
  Clock,
  Keyboard,
  LogOut,
  Monitor,
  Moon,
  Sun,
  UserRound,
} from 'lucide-react';
import { call } from '../api/http.ts';
import { queryClient } from '../api/query-client.ts';
import { clearSessionCache } from '../session/clear-session-cache.ts';
import { useMe } from '../session/session.tsx';
import { ROLE_NAMES } from '../session/role-names.ts';
import { useTimeZone, type ZoneChoice } from '../time/time-zone.tsx';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../ui/overlay/menu.tsx';
import { finishDeletions } from './delete-with-undo.tsx';
import { showProblem } from './show-problem.tsx';
import { chooseTheme, type ThemeChoice, useThemeChoice } from './theme.ts';

const THEMES = [
  ['light', 'Light', Sun],
  ['dark', 'Dark', Moon],
  ['system', 'System', Monitor],
] as const satisfies readonly (readonly [ThemeChoice, string, typeof Sun])[];

/** The account menu: user, theme, time zone, shortcuts and sign-out. */
export function AccountMenu({ onShowKeys }: { readonly onShowKeys: () => void }) {
  const me = useMe();
  const navigate = useNavigate();
  const theme = useThemeChoice();
  const { choice, choose } = useTimeZone();
  const signOut = useMutation({
    mutationFn: async () => {
      await finishDeletions();
      return call('POST', '/api/auth/sign-out', { body: {} });
    },
    onSuccess: async () => {
      clearSessionCache();
      queryClient.clear();
      await navigate({ to: '/sign-in' });
    },
    onError: (error) => showProblem("Couldn't sign you out", error),
  });
  const zones: readonly (readonly [ZoneChoice, string, typeof Clock])[] = [
    ['UTC', 'UTC', Clock],
    ['local', `Local (${Intl.DateTimeFormat().resolvedOptions().timeZone})`, Clock],
  ];
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex min-w-0 flex-1 items-center gap-2.5 rounded-md p-1.5 text-left hover:bg-raised max-lg:justify-center"
        >
          <span className="sr-only">Account of {me.user.email}</span>
          <span
            aria-hidden
            className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-tint text-xs font-semibold text-accent-strong"
          >
            {initials(me.user.name)}
          </span>
          <span className="min-w-0 flex-1 max-lg:hidden">
            <span className="block truncate text-sm font-medium">{me.user.name}</span>
            <span className="block truncate text-xs text-muted">{ROLE_NAMES[me.role]}</span>
          </span>
          <ChevronsUpDown aria-hidden size={14} className="shrink-0 text-muted max-lg:hidden" />
        </button>
      }
    >
      <div className="max-w-64 px-2 py-1.5 text-sm">
        <p className="truncate font-medium">{me.user.email}</p>
        <p className="text-xs text-muted">
          {ROLE_NAMES[me.role]} · {me.company.name} · region {me.region}
        </p>
      </div>
      <MenuSeparator />
      <MenuChoice label="Theme" value={theme} options={THEMES} onChoose={chooseTheme} />
      <MenuSeparator />
      <MenuChoice label="Time zone" value={choice} options={zones} onChoose={choose} />
      <MenuSeparator />
      <MenuItem icon={UserRound} onSelect={() => void navigate({ to: '/settings' })}>
        Profile and sessions
      </MenuItem>
      <MenuItem icon={Keyboard} onSelect={onShowKeys}>
        Keyboard shortcuts
      </MenuItem>
      <MenuItem icon={LogOut} onSelect={() => signOut.mutate()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}

function initials(name: string): string {
  const [first = '', ...rest] = name.trim().split(/\s+/u);
  const last = rest.at(-1) ?? '';
  return (firstLetter(first) + firstLetter(last)).toUpperCase();
}

function firstLetter(word: string): string {
  const [segment] = new Intl.Segmenter().segment(word);
  return segment?.segment ?? '';
}
