import type { EventDraft } from './event-fields.ts';
import { foldCase } from '../query/fold-case.ts';
import type { ParsedEvent } from './parsed-event.ts';

/** What the database columns hold of an event, and how it may be written as CSV. */
export function columnsOf(
  draft: EventDraft,
): Pick<ParsedEvent, 'columns' | 'verbatim' | 'formulaGuard'> {
  const { text } = draft;
  let verbatim = true;
  // As sent, for those are the cells. Metadata and an object in `geo` begin with a brace; each tag
  // counts, whether tags become one cell or several.
  let formulaGuard = startsFormula(draft.workspaceId) || startsFormula(draft.geo);
  const trim = (sent: string): string => {
    const trimmed = sent.trim();
    if (trimmed !== sent) verbatim = false;
    if (startsFormula(sent)) formulaGuard = true;
    return trimmed;
  };
  const trimOptional = (sent: string | null) => (sent === null ? null : trim(sent));
  const ignoreCase = (text: string | null): string | null => {
    const folded = text === null ? null : foldCase(text);
    if (folded !== text) verbatim = false;
    return folded;
  };
  const columns = {
    category: trim(text.category),
    action: trim(text.action),
    projectId: trimOptional(text.projectId),
    actorId: trimOptional(text.actorId),
    // Filters ignore its case.
    actorEmail: ignoreCase(trimOptional(text.actorEmail)),
    actorRole: trimOptional(text.actorRole),
    resourceType: trimOptional(text.resourceType),
    resourceId: trimOptional(text.resourceId),
    traceId: trimOptional(text.traceId),
    ipAddress: trimOptional(text.ipAddress),
    userAgent: trimOptional(text.userAgent),
    tags: draft.tags?.map(trim) ?? null,
    geo: draft.geo ?? draft.raw.geo ?? null,
  };
  return { columns, verbatim, formulaGuard };
}

const FORMULA_START = "=+-@\t\r'";

/** Whether a spreadsheet could take the cell for a formula, or it begins with the guarding quote. */
function startsFormula(cell: string | null): boolean {
  return cell !== null && cell !== '' && FORMULA_START.includes(cell.charAt(0));
}
