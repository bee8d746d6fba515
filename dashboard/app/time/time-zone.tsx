import { createContext, type ReactNode, use, useMemo, useState } from 'react';

export type ZoneChoice = 'UTC' | 'local';

interface TimeZone {
  readonly choice: ZoneChoice;
  /** IANA name. */
  readonly name: string;
  readonly choose: (choice: ZoneChoice) => void;
}

const KEY = 'exhibit.timeZone';
const TimeZoneContext = createContext<TimeZone | undefined>(undefined);

function storedChoice(): ZoneChoice {
  try {
    return localStorage.getItem(KEY) === 'local' ? 'local' : 'UTC';
  } catch {
    return 'UTC';
  }
}

/** Provides the time zone of all displayed times: UTC unless the user chose local time. */
export function TimeZoneProvider({ children }: { readonly children: ReactNode }) {
  const [choice, setChoice] = useState(storedChoice);
  const value = useMemo(() => {
    const name = choice === 'UTC' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
    const choose = (next: ZoneChoice) => {
      setChoice(next);
      try {
        localStorage.setItem(KEY, next);
      } catch {
        // Without storage, the choice lasts until the page is reloaded.
      }
    };
    return { choice, name, choose };
  }, [choice]);
  return <TimeZoneContext value={value}>{children}</TimeZoneContext>;
}

export function useTimeZone(): TimeZone {
  const zone = use(TimeZoneContext);
  if (zone === undefined) throw new Error('useTimeZone needs a TimeZoneProvider');
  return zone;
}
