import { createContext, type ReactNode, use } from 'react';
import type { Me } from '../api/me.ts';

const SessionContext = createContext<Me | undefined>(undefined);

export function SessionProvider({
  me,
  children,
}: {
  readonly me: Me;
  readonly children: ReactNode;
}) {
  return <SessionContext value={me}>{children}</SessionContext>;
}

/** The signed-in user. Only valid on pages that require a session. */
export function useMe(): Me {
  const me = use(SessionContext);
  if (me === undefined) throw new Error('useMe requires a SessionProvider');
  return me;
}

/** Returns the name of a workspace, or its shortened ID if the user has no access to it (any more). */
export function useWorkspaceName(): (id: string) => string {
  const { workspaces } = useMe();
  return (id) => workspaces.find((workspace) => workspace.id === id)?.name ?? `${id.slice(0, 8)}…`;
}
