import type { Role } from '../../api/me.ts';
import { useMe } from '../../session/session.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { ROLE_NAMES, ROLE_WORDS } from '../../session/role-names.ts';

const ROLES = ['OWNER', 'ADMIN', 'BILLING', 'MEMBER'] as const;

export function RoleSelect({
  value,
  onChange,
}: {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}) {
  const me = useMe();
  return (
    <Field label="Role" hint={ROLE_WORDS[value]}>
      <Select
        className="w-full"
        value={value}
        onChange={({ target }) => onChange(ROLES.find((role) => role === target.value) ?? 'MEMBER')}
      >
        {ROLES.filter((role) => role !== 'OWNER' || me.role === 'OWNER').map((role) => (
          <option key={role} value={role}>
            {ROLE_NAMES[role]}
          </option>
        ))}
      </Select>
    </Field>
  );
}
