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

/** Who is signed in; only within the signed-in part of the app. */
export function useMe(): Me {
  const me = use(SessionContext);
  if (me === undefined) throw new Error('useMe is for pages behind the sign-in');
  return me;
}

/** The name of a workspace; its id in short when it is not one of ours (any more). */
export function useWorkspaceName(): (id: string) => string {
  const { workspaces } = useMe();
  return (id) => workspaces.find((workspace) => workspace.id === id)?.name ?? `${id.slice(0, 8)}…`;
}
