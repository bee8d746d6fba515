import { CopyButton } from './copy-button.tsx';

/** Text to copy, such as a command or JSON. Lines do not wrap; the block scrolls sideways. */
export function CodeBlock({
  text,
  label = 'Copy',
}: {
  readonly text: string;
  readonly label?: string;
}) {
  return (
    <div className="relative rounded-md border bg-raised text-left">
      <pre tabIndex={0} className="overflow-x-auto px-3 py-2.5 pr-11 text-xs leading-5">
        {text}
      </pre>
      <CopyButton text={text} label={label} className="absolute top-1 right-1 bg-raised" />
    </div>
  );
}
