import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/http.ts';
import type { Role } from '../../api/me.ts';
import { isProblem } from '../../api/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ROLE_NAMES, ROLE_WORDS } from '../../session/role-names.ts';
import { enter } from '../sign-in/enter.ts';
import { FrontPage } from '../sign-in/front-page.tsx';

interface Invited {
  readonly email: string;
  readonly companyName: string;
  readonly role: Role;
}

/** The secret is after the #, which browsers send to nobody. */
function useSecret(): string {
  const [secret] = useState(() => location.hash.slice(1));
  return secret;
}

export function InvitationPage() {
  const secret = useSecret();
  const look = useQuery({
    queryKey: ['invitation', secret],
    queryFn: async () =>
      (await call<Invited>('POST', '/api/invitations/look', { body: { secret } })).body,
    enabled: secret !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (secret === '' || look.error) {
    return (
      <FrontPage title="Invitation">
        <Notice tone="warning">
          {look.error?.message ??
            'This link is not whole. Copy all of it, with what follows the #.'}
        </Notice>
        <Link to="/sign-in" className="mt-4 text-sm text-accent underline">
          Sign in instead
        </Link>
      </FrontPage>
    );
  }
  if (look.data === undefined) {
    return (
      <FrontPage title="Invitation">
        <Skeleton className="h-52" />
      </FrontPage>
    );
  }
  return (
    <FrontPage title={`Join ${look.data.companyName}`}>
      <AcceptForm invited={look.data} secret={secret} />
    </FrontPage>
  );
}

function AcceptForm({ invited, secret }: { readonly invited: Invited; readonly secret: string }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const accept = useMutation({
    mutationFn: () =>
      call('POST', '/api/invitations/accept', { body: { secret, name: name.trim(), password } }),
    onSuccess: () => enter(),
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
        <Notice tone="danger">{error.message}</Notice>
      )}
      <Field label="Your name" error={field('name')}>
        <TextInput
          autoFocus
          autoComplete="name"
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </Field>
      <Field label="Password" hint="At least 10 characters." error={field('password')}>
        <TextInput
          type="password"
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
