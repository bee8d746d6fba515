import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '../../api/problem.ts';
import { sessions, sessionsQuery } from '../../api/sessions.ts';
import { queryClient } from '../../api/query-client.ts';
import { PASSWORD_RULE } from '../../session/password-rule.ts';
import { useMe } from '../../session/session.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { chooseTheme, type ThemeChoice, useThemeChoice } from '../../shell/theme.ts';
import { useTimeZone, type ZoneChoice } from '../../time/time-zone.tsx';
import { Button } from '../../ui/button.tsx';
import { Detail, DetailList } from '../../ui/details.tsx';
import { Field } from '../../ui/form/field.tsx';
import { PasswordInput } from '../../ui/form/password-input.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { showToast } from '../../ui/overlay/toast.tsx';
import { ROLE_NAMES } from '../../session/role-names.ts';
import { SessionsList } from './sessions-list.tsx';
import { SettingsSection } from './settings-section.tsx';

const THEMES = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'system', label: 'System' },
] as const satisfies readonly { value: ThemeChoice; label: string }[];
const ZONES = [
  { value: 'UTC', label: 'UTC' },
  { value: 'local', label: 'Local' },
] as const satisfies readonly { value: ZoneChoice; label: string }[];

export function ProfileTab() {
  const me = useMe();
  const theme = useThemeChoice();
  const { choice, choose, name: zone } = useTimeZone();
  return (
    <>
      <SettingsSection title="Profile">
        <DetailList>
          <Detail name="Name">{me.user.name}</Detail>
          <Detail name="Email">{me.user.email}</Detail>
          <Detail name="Role">{ROLE_NAMES[me.role]}</Detail>
          <Detail name="Company">
            {me.company.name}, region {me.region}
          </Detail>
          <Detail name="Workspaces">
            {me.permissions.companyWide
              ? 'All'
              : me.workspaces.map(({ name }) => name).join(', ') || 'None yet'}
          </Detail>
        </DetailList>
      </SettingsSection>
      <SettingsSection title="Appearance" description="Saved in this browser.">
        <div className="grid gap-3">
          <div className="flex flex-wrap items-center gap-3">
            <span className="w-28 text-sm text-muted">Theme</span>
            <Segmented label="Theme" value={theme} options={THEMES} onChange={chooseTheme} />
          </div>
          <div className="flex flex-wrap items-center gap-3">
            <span className="w-28 text-sm text-muted">Time zone</span>
            <Segmented label="Time zone" value={choice} options={ZONES} onChange={choose} />
            <span className="text-sm text-muted">{zone}</span>
          </div>
        </div>
      </SettingsSection>
      <ChangePassword />
      <SessionsList />
    </>
  );
}

function ChangePassword() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => sessions.changePassword({ currentPassword: current, newPassword: next }),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      showToast({
        tone: 'success',
        title: 'Password changed',
        body: 'Your other sessions were signed out.',
      });
      void queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  const { error } = change;
  const wrong = isProblem(error, 'INVALID_CREDENTIALS') ? error.message : null;
  const weak = isProblem(error) ? error.fieldError('newPassword') : null;
  return (
    <SettingsSection
      title="Password"
      description="Changing your password signs out your other sessions."
    >
      <form
        noValidate
        className="grid max-w-80 gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Field label="Current password" error={wrong}>
          <PasswordInput
            autoComplete="current-password"
            value={current}
            onChange={({ target }) => setCurrent(target.value)}
          />
        </Field>
        <Field label="New password" hint={PASSWORD_RULE} error={weak}>
          <PasswordInput
            autoComplete="new-password"
            value={next}
            onChange={({ target }) => setNext(target.value)}
          />
        </Field>
        {error && wrong === null && weak === undefined && (
          <ProblemNotice error={error} title="Couldn't change the password" />
        )}
        <div>
          <Button
            type="submit"
            busy={change.isPending}
            disabledReason={current === '' || next === '' ? 'Enter both passwords first' : null}
          >
            Change password
          </Button>
        </div>
      </form>
    </SettingsSection>
  );
}
