import type { EventDraft } from './event-fields.ts';
import { foldCase } from '../query/fold-case.ts';
import type { ParsedEvent } from './parsed-event.ts';

/** Values of an event for the database columns, and flags for writing it as CSV. */
export function columnsOf(
  draft: EventDraft,
): Pick<ParsedEvent, 'columns' | 'verbatim' | 'formulaGuard'> {
  const { text } = draft;
  let verbatim = true;
  // Checks the values as sent, because they become the cells. Metadata and an object in `geo` start with a brace.
  // Each tag is checked, because tags may become one cell or several.
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
    // Lower case, because filters ignore the case.
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

/**
 * True if a spreadsheet could read the cell as a formula, or if the cell starts with the quote that guards against
 * that.
 */
function startsFormula(cell: string | null): boolean {
  return cell !== null && cell !== '' && FORMULA_START.includes(cell.charAt(0));
}
