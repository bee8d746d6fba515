import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { Estimate } from '../api/exports.ts';
import { formatCount } from '../format/numbers.ts';
import { useMe } from '../session/session.tsx';
import { Notice } from '../ui/notice.tsx';

interface LargeExport {
  /** The next press of the button asks; it does not start yet. */
  readonly mustAsk: boolean;
  readonly ask: () => void;
  readonly buttonLabel: string;
  /** The question, once it was asked. */
  readonly question: string | null;
}

/**
 * A large export, or one whose size nobody could tell, is asked about once more.
 * @param about what would be exported: an answer holds for this only
 */
export function useLargeExport(
  { data, isError }: UseQueryResult<Estimate>,
  about: unknown,
): LargeExport {
  const { confirmRows } = useMe();
  const [askedAbout, setAskedAbout] = useState<string>();
  const key = JSON.stringify(about);
  const rows = isError ? undefined : data?.rows;
  const isLarge = isError || (rows !== undefined && rows > confirmRows);
  const wasAsked = isLarge && askedAbout === key;
  const count = rows === undefined ? 'as many rows as there are' : `${formatCount(rows)} rows`;
  return {
    mustAsk: isLarge && !wasAsked,
    ask: () => setAskedAbout(key),
    buttonLabel: !isLarge ? 'Start export' : wasAsked ? `Yes, export ${count}` : 'Continue…',
    question: wasAsked
      ? rows === undefined
        ? 'How many rows this export holds is not known'
        : `This export holds ${count}`
      : null,
  };
}

export function LargeExportQuestion({ question }: Pick<LargeExport, 'question'>) {
  return (
    question !== null && (
      <Notice tone="warning" title={question}>
        It may take minutes and fill storage until it expires. Go on?
      </Notice>
    )
  );
}
