import { z } from 'zod';
import { strictFields } from '../../../events/json/strict-fields.ts';
import { EXPORT_FORMATS } from '../../../exports/formats/format.ts';
import { createExportBody, purpose } from '../../v1/exports/export-schemas.ts';
import { optionChanges } from '../presets/preset-schemas.ts';

/** Read by parseOverlay: here, unlike in /v1, a null clears a field of the view or template. */
const filters = z.unknown().optional();
const savedExplorerViewId = z.uuid().toLowerCase().nullish();

/** As POST /v1/exports, and a saved view to start from. */
export const newExport = strictFields({ ...createExportBody.shape, filters, savedExplorerViewId });

export const estimateBody = strictFields({
  ...createExportBody.shape,
  format: z.enum(EXPORT_FORMATS).default('JSONL'),
  filters,
  savedExplorerViewId,
});

/** What differs, this once, from the template. */
export const templateRun = strictFields({
  ...optionChanges,
  filters,
  limit: createExportBody.shape.limit,
  purpose,
});
