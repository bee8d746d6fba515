import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type ChangeEvent, useState } from 'react';
import { call } from '../../api/http.ts';
import { isProblem } from '../../api/problem.ts';
import { PASSWORD_RULE } from '../../session/password-rule.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, Select, TextInput } from '../../ui/form/field.tsx';
import { PasswordInput } from '../../ui/form/password-input.tsx';
import { enter } from './enter.ts';

const FIELDS = [
  { name: 'name', label: 'Your name', type: 'text', autoComplete: 'name' },
  { name: 'email', label: 'Email', type: 'email', autoComplete: 'username' },
  {
    name: 'password',
    label: 'Password',
    type: 'password',
    autoComplete: 'new-password',
    hint: PASSWORD_RULE,
  },
  { name: 'companyName', label: 'Company', type: 'text', autoComplete: 'organization' },
] as const;

/** Creates the first owner of a new installation, with the company and its region. */
export function SignUpForm({ regions }: { readonly regions: readonly string[] }) {
  const [values, setValues] = useState<Record<string, string>>(() => ({
    ...Object.fromEntries(FIELDS.map(({ name }) => [name, ''])),
    region: regions[0] ?? '',
  }));
  const router = useRouter();
  const signUp = useMutation({
    mutationFn: () => call('POST', '/api/auth/sign-up/email', { body: values }),
    onSuccess: () => enter(router),
  });
  const { error } = signUp;
  const set = (name: string, value: string) =>
    setValues((before) => ({ ...before, [name]: value }));
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        signUp.mutate();
      }}
    >
      <p className="text-sm text-muted">You'll be the owner and can invite others.</p>
      {error && !(isProblem(error) && error.errors.length > 0) && <ProblemNotice error={error} />}
      {FIELDS.map(({ name, label, type, autoComplete, ...field }) => {
        const input = {
          name,
          autoComplete,
          value: values[name] ?? '',
          onChange: ({ target }: ChangeEvent<HTMLInputElement>) => set(name, target.value),
        };
        return (
          <Field
            key={name}
            label={label}
            hint={'hint' in field ? field.hint : undefined}
            error={isProblem(error) ? error.fieldError(name) : undefined}
          >
            {type === 'password' ? (
              <PasswordInput {...input} />
            ) : (
              <TextInput {...input} type={type} />
            )}
          </Field>
        );
      })}
      <Field
        label="Data region"
        hint="Where the company's events and files are stored. You can't change it later."
      >
        <Select
          className="w-full"
          value={values['region'] ?? ''}
          onChange={(event) => set('region', event.target.value)}
        >
          {regions.map((region) => (
            <option key={region}>{region}</option>
          ))}
        </Select>
      </Field>
      <Button type="submit" variant="primary" busy={signUp.isPending}>
        Create company
      </Button>
    </form>
  );
}
