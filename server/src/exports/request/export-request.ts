import type { EventQuery } from '../../../../contract/event-query.ts';
import type { Compression } from '../formats/compression.ts';
import type { CsvSettings } from '../formats/csv.ts';
import type { ExportFormat } from '../formats/format.ts';

/** The content of an export as the caller requested it. */
export interface ExportRequest {
  readonly format: ExportFormat;
  readonly compression: Compression;
  readonly csv: CsvSettings;
  /** Canonical; a relative range is resolved when the job is created. */
  readonly filters: EventQuery;
  readonly limit: number | null;
  readonly purpose: string | null;
}

/** The saved view, template or export that a job was created from; null for each that was not used. */
export interface ExportLineage {
  readonly savedExplorerViewId: string | null;
  readonly templateId: string | null;
  readonly rerunOf: string | null;
}
