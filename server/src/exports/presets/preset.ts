/*
 * Saved views and export templates: one table, one set of rules for visibility, defaults and versions.
 */
import type { EventQuery } from '../../../../contract/event-query.ts';
import type { AuditAction } from '../../tenancy/audit-log.ts';
import type { ExportRequest } from '../request/export-request.ts';

/** A named EventQuery: a saved explorer view, or an export template, which also has export options. */
export interface Preset {
  readonly companyId: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Canonical; a relative range stays relative. */
  readonly query: EventQuery;
  /** null if it is visible in the whole company */
  readonly workspaceId: string | null;
  /** True if it is its creator's default in this workspace or in the company. */
  readonly isDefault: boolean;
  /** User ID of the creator, and their email address at that time. */
  readonly createdBy: string;
  readonly createdByLabel: string;
  /** Increases with every change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** null for views. */
  readonly options: ExportOptions | null;
}

export type ExportOptions = Pick<ExportRequest, 'format' | 'compression' | 'csv'>;

/** Differences between the two kinds. */
export interface PresetKind {
  readonly table: 'saved_explorer_views' | 'export_templates';
  readonly idColumn: 'view_id' | 'template_id';
  readonly hasOptions: boolean;
  /** Name in messages: "There is no … with this id." */
  readonly noun: string;
  readonly subject: 'saved_view' | 'export_template';
  readonly quota: 'savedViews' | 'exportTemplates';
  readonly audit: {
    readonly created: AuditAction;
    readonly updated: AuditAction;
    readonly deleted: AuditAction;
  };
}

export const SAVED_VIEW: PresetKind = {
  table: 'saved_explorer_views',
  idColumn: 'view_id',
  hasOptions: false,
  noun: 'saved view',
  subject: 'saved_view',
  quota: 'savedViews',
  audit: {
    created: 'SAVED_VIEW_CREATED',
    updated: 'SAVED_VIEW_UPDATED',
    deleted: 'SAVED_VIEW_DELETED',
  },
};

export const EXPORT_TEMPLATE: PresetKind = {
  table: 'export_templates',
  idColumn: 'template_id',
  hasOptions: true,
  noun: 'export template',
  subject: 'export_template',
  quota: 'exportTemplates',
  audit: {
    created: 'EXPORT_TEMPLATE_CREATED',
    updated: 'EXPORT_TEMPLATE_UPDATED',
    deleted: 'EXPORT_TEMPLATE_DELETED',
  },
};
