import { useQuery } from '@tanstack/react-query';
import { type SavedView, viewsQuery } from '../../api/presets.ts';
import { useWithoutDeleted } from '../../shell/being-deleted.ts';
import { Field, Select } from '../../ui/form/field.tsx';

/** Copies the filters of a saved view. Hidden if there are no views. */
export function ViewChoice({ onChoose }: { readonly onChoose: (view: SavedView) => void }) {
  const { data } = useQuery(viewsQuery);
  const views = useWithoutDeleted(data?.data ?? []);
  if (views.length === 0) return null;
  return (
    <Field
      label="Copy filters from a saved view (optional)"
      hint="Later changes to the view won't affect the template."
    >
      <Select
        className="w-full"
        defaultValue=""
        onChange={({ target }) => {
          const view = views.find(({ id }) => id === target.value);
          if (view !== undefined) onChoose(view);
        }}
      >
        <option value="" disabled>
          Choose a view
        </option>
        {views.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
