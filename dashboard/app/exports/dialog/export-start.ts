import type { EventQuery } from '../../api/event-query.ts';
import type { Compression, CsvOptions, ExportFormat } from '../../api/exports.ts';

/** What the export dialog begins with. */
export interface ExportStart {
  readonly query: EventQuery;
  /** The view that the filters came from. */
  readonly savedViewId?: string;
  /** How many events the page shows: the dialog says that it is about all that match instead. */
  readonly shownRows?: number;
  readonly format?: ExportFormat;
  readonly compression?: Compression;
  readonly csv?: CsvOptions;
  readonly purpose?: string;
  readonly limit?: number;
  /** "Edit and rerun" instead of "Export filtered events". */
  readonly title?: string;
  /** The filters can be changed in the dialog: there is no explorer behind it. */
  readonly editable?: boolean;
}
