import { z } from 'zod';
import { requestedEventQuery } from '../../../events/query/event-query-schema.ts';
import { strictFields } from '../../../events/json/strict-fields.ts';
import { COMPRESSIONS } from '../../../exports/formats/compression.ts';
import { EXPORT_FORMATS } from '../../../exports/formats/format.ts';
import type { Preset } from '../../../exports/presets/preset.ts';
import { nameText } from '../../../tenancy/name-text.ts';
import { CSV_DEFAULTS, csvColumns, csvOptions } from '../../v1/exports/export-schemas.ts';

const MAX_NAME_CHARACTERS = 120;
const MAX_DESCRIPTION_CHARACTERS = 2_000;

/** Length in code points, as PostgreSQL counts; NUL and lone surrogates cannot be stored. */
function text(max: number) {
  return z
    .string()
    .trim()
    .refine((value) => Array.from(value).length <= max, `must be at most ${max} characters`)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'must be well-formed text');
}

const name = nameText(MAX_NAME_CHARACTERS);
const description = text(MAX_DESCRIPTION_CHARACTERS);
const workspaceId = z.uuid().toLowerCase().nullable();

const viewFields = {
  name,
  description: description.default(''),
  query: requestedEventQuery,
  workspaceId: workspaceId.default(null),
  isDefault: z.boolean().default(false),
};

export const newView = strictFields(viewFields);

export const newTemplate = strictFields({
  ...viewFields,
  format: z.enum(EXPORT_FORMATS),
  compression: z.enum(COMPRESSIONS).default('none'),
  csv: csvOptions.default(CSV_DEFAULTS),
});

const viewChanges = {
  name: name.optional(),
  description: description.optional(),
  query: requestedEventQuery.optional(),
  workspaceId: workspaceId.optional(),
  isDefault: z.boolean().optional(),
};

/** Export options, all optional, that replace those of a template. */
export const optionChanges = {
  format: z.enum(EXPORT_FORMATS).optional(),
  compression: z.enum(COMPRESSIONS).optional(),
  csv: strictFields({
    formulaGuard: z.boolean().optional(),
    bom: z.boolean().optional(),
    columns: csvColumns.nullable().optional(),
  }).optional(),
};

export const viewPatch = strictFields(viewChanges);
export const templatePatch = strictFields({ ...viewChanges, ...optionChanges });

/** A view or template as JSON; a template also has its export options. */
export function presetJson(preset: Preset) {
  return { ...headOf(preset), query: preset.query, ...restOf(preset) };
}

/** The same as JSON text, from a query that is JSON text. */
export function presetText(preset: Omit<Preset, 'query'> & { readonly queryText: string }): string {
  const head = JSON.stringify(headOf(preset)).slice(0, -1);
  return `${head},"query":${preset.queryText},${JSON.stringify(restOf(preset)).slice(1)}`;
}

function headOf({ id, name, description }: Omit<Preset, 'query'>) {
  return { id, name, description };
}

function restOf(preset: Omit<Preset, 'query'>) {
  return {
    workspaceId: preset.workspaceId,
    isDefault: preset.isDefault,
    createdBy: { id: preset.createdBy, label: preset.createdByLabel },
    version: preset.version,
    createdAt: preset.createdAt.toISOString(),
    updatedAt: preset.updatedAt.toISOString(),
    ...preset.options,
  };
}
