import { useMe } from '../../session/session.tsx';
import { Checkbox } from '../../ui/form/checkbox.tsx';

interface WorkspaceChoiceProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Chooses the workspaces of a MEMBER. */
export function WorkspaceChoice({ chosen, onChange }: WorkspaceChoiceProps) {
  const { workspaces } = useMe();
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-medium">Workspaces</legend>
      {workspaces.map(({ id, name }) => (
        <Checkbox
          key={id}
          label={name}
          checked={chosen.includes(id)}
          onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((other) => other !== id))}
        />
      ))}
    </fieldset>
  );
}
