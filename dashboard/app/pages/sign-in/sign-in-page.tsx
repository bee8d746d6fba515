import { useQuery } from '@tanstack/react-query';
import { getJson } from '../../api/http.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { FrontPage } from './front-page.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { SignUpForm } from './sign-up-form.tsx';

interface Installation {
  /** Nobody has signed up yet. */
  readonly empty: boolean;
  readonly regions: readonly string[];
}

/** Sign-in; on a new installation the sign-up of its first owner instead. */
export function SignInPage() {
  const installation = useQuery({
    queryKey: ['installation'],
    queryFn: ({ signal }) => getJson<Installation>('/api/installation', { signal }),
  });
  if (installation.isPending) {
    return (
      <FrontPage title="Sign in">
        <Skeleton className="h-52" />
      </FrontPage>
    );
  }
  // When the server cannot say, signing in will say why.
  if (installation.data?.empty !== true) {
    return (
      <FrontPage title="Sign in">
        <SignInForm />
      </FrontPage>
    );
  }
  return (
    <FrontPage title="Set up Exhibit">
      <SignUpForm regions={installation.data.regions} />
    </FrontPage>
  );
}
