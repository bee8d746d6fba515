import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { call, getJson } from '../../api/http.ts';
import type { Role } from '../../api/me.ts';
import { isProblem } from '../../api/problem.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/form/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PasswordInput } from '../../ui/form/password-input.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { PASSWORD_RULE } from '../../session/password-rule.ts';
import { ROLE_NAMES, ROLE_WORDS } from '../../session/role-names.ts';
import { enter } from '../sign-in/enter.ts';
import { FrontPage } from '../sign-in/front-page.tsx';

interface Invited {
  readonly email: string;
  readonly companyName: string;
  readonly role: Role;
}

/** The signed-in user or null. Unlike /api/me, no session is not an error here. */
const hereQuery = queryOptions({
  queryKey: ['invitation', 'here'],
  queryFn: ({ signal }) =>
    getJson<{ readonly user: { readonly email: string } } | null>('/api/auth/get-session', {
      signal,
    }),
  retry: false,
});

/** The secret is in the fragment (#), which browsers never send to a server. */
function useSecret(): string {
  const [secret] = useState(() => location.hash.slice(1));
  return secret;
}

export function InvitationPage() {
  const secret = useSecret();
  const here = useQuery(hereQuery);
  const look = useQuery({
    queryKey: ['invitation', secret],
    queryFn: async () =>
      (await call<Invited>('POST', '/api/invitations/look', { body: { secret } })).body,
    enabled: secret !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (look.error && !isProblem(look.error, 'INVITATION_INVALID', 'VALIDATION_FAILED')) {
    return (
      <FrontPage title="Invitation">
        <div className="grid justify-items-start gap-4">
          <ProblemNotice error={look.error} title="Couldn't load the invitation" />
          <Button busy={look.isFetching} onClick={() => void look.refetch()}>
            Try again
          </Button>
        </div>
      </FrontPage>
    );
  }
  if (secret === '' || look.error) {
    return (
      <FrontPage title="Invitation">
        <Notice tone="warning">
          {isProblem(look.error, 'INVITATION_INVALID')
            ? look.error.message
            : 'This link is incomplete. Copy the whole link, including the part after #.'}
        </Notice>
        <Link to="/" className="mt-4 text-sm text-accent underline">
          {here.data ? 'Back to Exhibit' : 'Sign in instead'}
        </Link>
      </FrontPage>
    );
  }
  if (look.data === undefined || here.isPending) {
    return (
      <FrontPage title="Invitation">
        <Skeleton className="h-52" />
      </FrontPage>
    );
  }
  return (
    <FrontPage title={`Join ${look.data.companyName}`}>
      {here.data && <SignedInAs email={here.data.user.email} invited={look.data} />}
      <AcceptForm invited={look.data} secret={secret} />
    </FrontPage>
  );
}

function AcceptForm({ invited, secret }: { readonly invited: Invited; readonly secret: string }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const router = useRouter();
  const accept = useMutation({
    mutationFn: () =>
      call('POST', '/api/invitations/accept', { body: { secret, name: name.trim(), password } }),
    onSuccess: () => enter(router),
  });
  const { error } = accept;
  const field = (path: string) => (isProblem(error) ? error.fieldError(path) : undefined);
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        accept.mutate();
      }}
    >
      <p className="text-sm text-muted">
        As <bdi className="font-medium text-text">{invited.email}</bdi>, {ROLE_NAMES[invited.role]}:{' '}
        {ROLE_WORDS[invited.role].toLowerCase()}.
      </p>
      {error && field('name') === undefined && field('password') === undefined && (
        <ProblemNotice error={error} title="Couldn't accept the invitation" />
      )}
      <Field label="Your name" error={field('name')}>
        <TextInput
          autoFocus
          autoComplete="name"
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </Field>
      <Field label="Password" hint={PASSWORD_RULE} error={field('password')}>
        <PasswordInput
          autoComplete="new-password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" busy={accept.isPending}>
        Join
      </Button>
    </form>
  );
}

/** Warns that joining replaces the current session in this browser. */
function SignedInAs({ email, invited }: { readonly email: string; readonly invited: Invited }) {
  return (
    <div className="mb-4">
      <Notice tone="warning">
        You are signed in as <bdi className="font-medium">{email}</bdi>. This link is for{' '}
        <bdi className="font-medium">{invited.email}</bdi>. Joining signs you out and signs you in
        with that account.
      </Notice>
    </div>
  );
}
