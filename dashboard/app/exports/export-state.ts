// The one table of states, which the api asks, too: a pure file, bundled from where it is.
export {
  allows,
  EXPORT_STATES,
  EXPORT_STATUSES,
  type ExportAction,
  exportState,
  type ExportStatus,
  isTerminal,
} from '../../../contract/export-state.ts';
