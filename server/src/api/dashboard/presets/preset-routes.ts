import { EXPORT_TEMPLATE, type PresetKind, SAVED_VIEW } from '../../../exports/presets/preset.ts';
import type { DashboardAction } from '../../../tenancy/access.ts';

/** The paths of one kind of preset, and the access that its routes require. */
export interface PresetRoutes {
  readonly kind: PresetKind;
  readonly path: '/explorer/views' | '/export-templates';
  readonly read: DashboardAction;
  readonly create: DashboardAction;
  readonly edit: DashboardAction;
}

export const VIEW_ROUTES: PresetRoutes = {
  kind: SAVED_VIEW,
  path: '/explorer/views',
  read: 'views.read',
  create: 'views.create',
  edit: 'views.edit',
};

export const TEMPLATE_ROUTES: PresetRoutes = {
  kind: EXPORT_TEMPLATE,
  path: '/export-templates',
  read: 'templates.read',
  create: 'templates.create',
  edit: 'templates.edit',
};
