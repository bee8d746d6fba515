import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { copyText } from './copy-text.ts';
import { IconButton } from './icon-button.tsx';

const SHOWN_MS = 1500;

interface CopyButtonProps {
  readonly text: string;
  /** "Copy ID" */
  readonly label: string;
  readonly className?: string;
  /** If true, shows the label as text; otherwise only an icon, for use next to a value. */
  readonly labelled?: boolean;
}

/** Copies a text and briefly shows "Copied". */
export function CopyButton({ text, label, className, labelled = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    void copyText(text).then(setCopied);
  };
  const look = {
    icon: copied ? Check : Copy,
    onClick: copy,
    ...(className !== undefined && { className }),
  };
  return (
    <>
      {labelled ? (
        <Button size="sm" {...look}>
          {copied ? 'Copied' : label}
        </Button>
      ) : (
        <IconButton label={copied ? 'Copied' : label} {...look} />
      )}
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </>
  );
}
