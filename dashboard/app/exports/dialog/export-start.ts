import type { EventQuery } from '../../api/event-query.ts';
import type { Compression, CsvOptions, ExportFormat } from '../../api/exports.ts';

/** The initial state of the export dialog. */
export interface ExportStart {
  readonly query: EventQuery;
  /** The view that the filters came from. */
  readonly savedViewId?: string;
  /** Number of events on the page, so that the dialog can point out that it exports all matching events. */
  readonly shownRows?: number;
  readonly format?: ExportFormat;
  readonly compression?: Compression;
  readonly csv?: CsvOptions;
  readonly purpose?: string;
  readonly limit?: number;
  /** "Edit and rerun" instead of "Export filtered events". */
  readonly title?: string;
  /** If true, the filters can be changed in the dialog, because there is no explorer behind it. */
  readonly editable?: boolean;
}
