import {
  Ban,
  Bookmark,
  CircleX,
  Download,
  Eye,
  FileCog,
  FileDown,
  KeyRound,
  type LucideIcon,
  RotateCcw,
  Sheet,
  Trash2,
  Users,
} from 'lucide-react';
import type { Evidence } from '../../api/evidence.ts';
import { formatBytes } from '../../format/numbers.ts';
import type { Tone } from '../../ui/tone.ts';

interface Words {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly group:
    | 'Exports'
    | 'Downloads'
    | 'Saved views'
    | 'Templates'
    | 'API keys'
    | 'Evidence'
    | 'People and workspaces';
}

/** Label, icon and group of each evidence type. */
export const EVIDENCE_WORDS: Readonly<Record<string, Words>> = {
  EXPORT_REQUESTED: { label: 'Requested an export', icon: FileDown, group: 'Exports' },
  EXPORT_RERUN: { label: 'Reran an export', icon: RotateCcw, group: 'Exports' },
  EXPORT_CANCELED: { label: 'Canceled an export', icon: Ban, group: 'Exports' },
  EXPORT_FILE_DELETED: { label: 'Deleted an export file', icon: Trash2, group: 'Exports' },
  EXPORT_DOWNLOADED: { label: 'Downloaded with an API key', icon: Download, group: 'Downloads' },
  EXPORT_DOWNLOAD_STARTED: { label: 'Started a download', icon: Download, group: 'Downloads' },
  EXPORT_DOWNLOAD_COMPLETED: { label: 'Completed a download', icon: Download, group: 'Downloads' },
  EXPORT_DOWNLOAD_ABORTED: { label: 'Download interrupted', icon: CircleX, group: 'Downloads' },
  EXPORT_DOWNLOAD_DENIED: { label: 'Download denied', icon: Ban, group: 'Downloads' },
  SAVED_VIEW_CREATED: { label: 'Saved a view', icon: Bookmark, group: 'Saved views' },
  SAVED_VIEW_UPDATED: { label: 'Changed a view', icon: Bookmark, group: 'Saved views' },
  SAVED_VIEW_DELETED: { label: 'Deleted a view', icon: Bookmark, group: 'Saved views' },
  SAVED_VIEW_RUN: { label: 'Opened a view', icon: Bookmark, group: 'Saved views' },
  EXPORT_TEMPLATE_CREATED: { label: 'Created a template', icon: FileCog, group: 'Templates' },
  EXPORT_TEMPLATE_UPDATED: { label: 'Changed a template', icon: FileCog, group: 'Templates' },
  EXPORT_TEMPLATE_DELETED: { label: 'Deleted a template', icon: FileCog, group: 'Templates' },
  API_KEY_CREATED: { label: 'Created an API key', icon: KeyRound, group: 'API keys' },
  API_KEY_REVOKED: { label: 'Revoked an API key', icon: KeyRound, group: 'API keys' },
  EVENTS_READ: { label: 'Read events with an API key', icon: Eye, group: 'API keys' },
  EVIDENCE_EXPORTED: { label: 'Exported evidence', icon: Sheet, group: 'Evidence' },
  REQUESTS_REFUSED: { label: 'More requests denied', icon: Ban, group: 'Evidence' },
  PASSWORD_CHANGED: {
    label: 'Changed their password',
    icon: Users,
    group: 'People and workspaces',
  },
  COMPANY_CREATED: { label: 'Created the company', icon: Users, group: 'People and workspaces' },
  WORKSPACE_CREATED: { label: 'Created a workspace', icon: Users, group: 'People and workspaces' },
  WORKSPACE_RENAMED: { label: 'Renamed a workspace', icon: Users, group: 'People and workspaces' },
  WORKSPACE_MEMBERS_CHANGED: {
    label: 'Changed workspace members',
    icon: Users,
    group: 'People and workspaces',
  },
  MEMBER_INVITED: { label: 'Invited a person', icon: Users, group: 'People and workspaces' },
  MEMBER_INVITATION_REVOKED: {
    label: 'Revoked an invitation',
    icon: Users,
    group: 'People and workspaces',
  },
  MEMBER_JOINED: { label: 'Joined the company', icon: Users, group: 'People and workspaces' },
  MEMBER_CHANGED: { label: 'Changed a member', icon: Users, group: 'People and workspaces' },
  MEMBER_REMOVED: { label: 'Removed a member', icon: Users, group: 'People and workspaces' },
};

/** "Completed a download, 21.4 MB" */
export function evidenceText({ type, bytes, range }: Evidence): string {
  const words = EVIDENCE_WORDS[type]?.label ?? type;
  const size =
    bytes === null
      ? ''
      : ` ${type === 'EXPORT_DOWNLOAD_ABORTED' ? 'after ' : ''}${formatBytes(bytes)}`;
  const part = range !== null && range.start > 0 ? `, from byte ${range.start}` : '';
  return words + size + part;
}

/** The outcome as one or two words. */
export function outcomeWords(outcome: string): { readonly label: string; readonly tone: Tone } {
  if (outcome === 'SUCCEEDED') return { label: 'Succeeded', tone: 'success' };
  if (outcome === 'REPLAYED') return { label: 'Replayed', tone: 'neutral' };
  if (outcome === 'PENDING') return { label: 'Pending', tone: 'info' };
  const refused =
    outcome === 'NOT_DONE' || outcome === 'UNKNOWN' || outcome === 'ORPHANED'
      ? 'warning'
      : 'danger';
  return { label: outcome.toLowerCase().replaceAll('_', ' '), tone: refused };
}
