import { useMutation } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/http.ts';
import { isProblem } from '../../api/problem.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/form/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PasswordInput } from '../../ui/form/password-input.tsx';
import { enter } from './enter.ts';
import { readSignInSearch } from './sign-in-search.ts';

export function SignInForm() {
  // Parsed here as well, because the router also passes the raw parameter.
  const { next } = readSignInSearch(useSearch({ from: '/sign-in' }));
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const router = useRouter();
  const signIn = useMutation({
    mutationFn: () => call('POST', '/api/auth/sign-in/email', { body: { email, password } }),
    onSuccess: () => enter(router, next),
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      {signIn.error &&
        (isProblem(signIn.error, 'INVALID_CREDENTIALS', 'TOO_MANY_ATTEMPTS') ? (
          <Notice tone="danger">{signIn.error.message}</Notice>
        ) : (
          <ProblemNotice error={signIn.error} title="Couldn't sign in" />
        ))}
      <Field label="Email">
        <TextInput
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Field label="Password">
        <PasswordInput
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" busy={signIn.isPending}>
        Sign in
      </Button>
      <p className="text-xs text-muted">
        No account? Ask an owner or admin of your company for an invitation.
      </p>
    </form>
  );
}
