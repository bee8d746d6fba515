import type { Role } from '../../api/me.ts';
import { ROLE_NAMES, ROLE_WORDS } from '../../session/role-names.ts';
import { useMe } from '../../session/session.tsx';
import { Field, Select } from '../../ui/form/field.tsx';

const ROLES = ['OWNER', 'ADMIN', 'BILLING', 'MEMBER'] as const;

export function RoleSelect({
  value,
  onChange,
}: {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}) {
  const mayMakeOwners = useMe().role === 'OWNER';
  return (
    <Field
      label="Role"
      hint={`${ROLE_WORDS[value]}.${mayMakeOwners ? '' : ' Only an owner can add owners.'}`}
    >
      <Select
        className="w-full"
        value={value}
        onChange={({ target }) => onChange(ROLES.find((role) => role === target.value) ?? 'MEMBER')}
      >
        {ROLES.map((role) => (
          <option key={role} value={role} disabled={role === 'OWNER' && !mayMakeOwners}>
            {ROLE_NAMES[role]}
          </option>
        ))}
      </Select>
    </Field>
  );
}
