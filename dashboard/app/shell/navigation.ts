import { CalendarSearch, Fingerprint, House, PackageOpen, Settings2 } from 'lucide-react';
import type { Me } from '../api/me.ts';

/** The pages of the sidebar; `g` and the key open them. */
export const NAVIGATION = [
  { to: '/', label: 'Home', icon: House, key: 'h', visible: () => true },
  { to: '/events', label: 'Events', icon: CalendarSearch, key: 'e', visible: () => true },
  { to: '/exports', label: 'Exports', icon: PackageOpen, key: 'x', visible: () => true },
  {
    to: '/evidence',
    label: 'Evidence',
    icon: Fingerprint,
    key: 'v',
    visible: (me: Me) => me.permissions.administer,
  },
  { to: '/settings', label: 'Settings', icon: Settings2, key: 's', visible: () => true },
] as const;
