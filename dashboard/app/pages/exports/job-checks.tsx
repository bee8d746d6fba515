import type { ExportJob } from '../../api/exports.ts';
import { downloadCommand } from '../../exports/download-command.ts';
import { useMe } from '../../session/session.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { Detail, DetailList, DetailSection } from '../../ui/details.tsx';

const ENDINGS = { none: '', gzip: '.gz', zstd: '.zst' } as const;

/** The digests, the command that verifies the file, and the command that downloads it. */
export function JobChecks({ job }: { readonly job: ExportJob }) {
  const me = useMe();
  const { sha256, contentSha256, compression, jobId, format } = job;
  const file = `exhibit-${jobId}.${format.toLowerCase()}${ENDINGS[compression]}`;
  return (
    <DetailSection title="Digests">
      <DetailList>
        <Digest name="SHA-256" value={sha256} />
        {compression !== 'none' && <Digest name="Uncompressed" value={contentSha256} />}
      </DetailList>
      <Disclosure label="Verify the file">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
          <p className="text-muted">Prints OK if the file is unchanged:</p>
          <CodeBlock
            text={`echo "${sha256 ?? ''}  ${file}" | shasum -a 256 -c`}
            label="Copy command"
          />
          <p className="text-muted">
            Or download it with the command line, which resumes interrupted downloads and verifies
            the digest:
          </p>
          <CodeBlock text={downloadCommand(jobId, me)} label="Copy download command" />
        </div>
      </Disclosure>
    </DetailSection>
  );
}

function Digest({ name, value }: { readonly name: string; readonly value: string | null }) {
  if (value === null) return null;
  return (
    <Detail name={name}>
      <span className="flex items-center gap-1">
        <code className="truncate text-xs" title={value}>
          {value}
        </code>
        <CopyButton text={value} label={`Copy ${name}`} />
      </span>
    </Detail>
  );
}
