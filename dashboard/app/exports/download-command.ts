import type { Me } from '../api/me.ts';

/** The command that downloads a file; it resumes interrupted downloads and verifies the digest. */
export function downloadCommand(
  jobId: string,
  { region, apiUrl }: Pick<Me, 'region' | 'apiUrl'>,
): string {
  return `EXHIBIT_API_URL=${apiUrl} EXHIBIT_API_KEY=exh_${region}_… npx exhibit exports download ${jobId}`;
}
