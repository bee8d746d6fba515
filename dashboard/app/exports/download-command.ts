import type { Me } from '../api/me.ts';

/** The command line that fetches a file; it goes on after a cut and checks the digest. */
export function downloadCommand(
  jobId: string,
  { region, apiUrl }: Pick<Me, 'region' | 'apiUrl'>,
): string {
  return `EXHIBIT_API_URL=${apiUrl} EXHIBIT_API_KEY=exh_${region}_… npx exhibit exports download ${jobId}`;
}
