import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Queryable } from '../database.ts';
import { evidenceJson, type EvidenceFilter, readEvidence } from './read-evidence.ts';

const PAGE = 100;
const COLUMNS = [
  'id',
  'at',
  'type',
  'outcome',
  'userType',
  'userId',
  'user',
  'jobId',
  'subjectId',
  'format',
  'filters',
  'bytes',
  'rangeStart',
  'rangeEnd',
  'sha256',
  'ip',
  'userAgent',
  'requestId',
  'purpose',
  'details',
] as const;

/** RFC 4180 with CRLF, read page by page as the browser reads it. Formulas are escaped as in CSV exports. */
export function streamEvidenceCsv(
  db: Queryable,
  filter: EvidenceFilter,
  reply: FastifyReply,
): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', 'attachment; filename="evidence.csv"')
    .send(Readable.from(pages(db, filter)));
}

async function* pages(db: Queryable, filter: EvidenceFilter): AsyncGenerator<string> {
  yield line(COLUMNS);
  let before: string | undefined;
  do {
    const { rows, next } = await readEvidence(db, filter, { before, limit: PAGE });
    yield rows
      .map((row) => {
        const { user, range, filters, details, ...shown } = evidenceJson(row);
        const cells: Record<(typeof COLUMNS)[number], unknown> = {
          ...shown,
          userType: user.type,
          userId: user.id,
          user: user.label,
          filters: filters === null ? null : JSON.stringify(filters),
          rangeStart: range?.start,
          rangeEnd: range?.end,
          purpose: details['purpose'],
          details: detailsText(details),
        };
        return line(COLUMNS.map((column) => cells[column]));
      })
      .join('');
    before = next;
  } while (before !== undefined);
}

/** All values without their own column. */
function detailsText({ purpose: _purpose, ...rest }: Readonly<Record<string, unknown>>) {
  return Object.keys(rest).length === 0 ? null : JSON.stringify(rest);
}

function line(cells: readonly unknown[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const guarded = typeof value === 'string' && /^[=+\-@\t\r']/.test(text) ? `'${text}` : text;
  return guarded === '' || /[",\r\n]/.test(guarded)
    ? `"${guarded.replaceAll('"', '""')}"`
    : guarded;
}
