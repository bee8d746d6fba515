// The table of states shared with the api.
export {
  allows,
  EXPORT_STATES,
  EXPORT_STATUSES,
  type ExportAction,
  exportState,
  type ExportStatus,
  isTerminal,
} from '../../../contract/export-state.ts';
