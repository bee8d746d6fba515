import { z } from 'zod';
import { strictFields } from '../../../events/json/strict-fields.ts';
import { EXPORT_FORMATS } from '../../../exports/formats/format.ts';
import { createExportBody, purpose } from '../../v1/exports/export-schemas.ts';
import { optionChanges } from '../presets/preset-schemas.ts';

/** Parsed by parseOverlay: unlike in /v1, null clears a field of the view or template. */
const filters = z.unknown().optional();
const savedExplorerViewId = z.uuid().toLowerCase().nullish();

/** The body of POST /v1/exports, and optionally the saved view to start from. */
export const newExport = strictFields({ ...createExportBody.shape, filters, savedExplorerViewId });

export const estimateBody = strictFields({
  ...createExportBody.shape,
  format: z.enum(EXPORT_FORMATS).default('JSONL'),
  filters,
  savedExplorerViewId,
});

/** Options that replace those of the template, for this run only. */
export const templateRun = strictFields({
  ...optionChanges,
  filters,
  limit: createExportBody.shape.limit,
  purpose,
});
