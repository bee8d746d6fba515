import { useQuery } from '@tanstack/react-query';
import { getJson } from '../../api/http.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { FrontPage } from './front-page.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { SignUpForm } from './sign-up-form.tsx';

interface Installation {
  /** True if no user has signed up yet. */
  readonly empty: boolean;
  readonly regions: readonly string[];
}

/** The sign-in page. On a new installation, the sign-up page of the first owner. */
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
  // If the check fails, show the sign-in form; signing in will report the problem.
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
