import { visibleText } from '../../format/visible-text.ts';
import { DetailSection } from '../../ui/details.tsx';

/** The changes of an activity: each field before and after. */
export function EvidenceChanges({ changes }: { readonly changes: unknown }) {
  const fields = Object.entries(isRecord(changes) ? changes : {});
  if (fields.length === 0) return null;
  return (
    <DetailSection title="Changes">
      <dl className="grid gap-3 text-sm">
        {fields.map(([field, change]) => (
          <div key={field} className="grid gap-1">
            <dt className="font-medium">{field}</dt>
            <dd className="grid gap-1">
              <Value label="Before" value={isRecord(change) ? change['before'] : undefined} />
              <Value label="After" value={isRecord(change) ? change['after'] : undefined} />
            </dd>
          </div>
        ))}
      </dl>
    </DetailSection>
  );
}

function Value({ label, value }: { readonly label: string; readonly value: unknown }) {
  return (
    <p className="break-words">
      <span className="text-muted">{label}: </span>
      <bdi>{visibleText(textOf(value))}</bdi>
    </p>
  );
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value.length === 0 ? 'none' : value.join(', ');
  return JSON.stringify(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
