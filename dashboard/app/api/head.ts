import { call } from './http.ts';
import { ApiProblem, networkProblem } from './problem.ts';

const REASONS: Readonly<Record<number, string>> = {
  403: 'You may not download this export. Your workspaces may have changed.',
  404: "This export doesn't exist, or you no longer have access to it.",
  409: 'This export has no file: it has not finished, failed or was canceled.',
  410: 'The file is no longer available: it expired, was deleted or is missing from the artifact store. Rerun the export to get a new one.',
  413: 'The file is larger than the dashboard serves. Use the command line.',
  503: "The file can't be read right now. Try again shortly.",
};

/**
 * Checks whether a download would succeed, without starting it. A HEAD response has no body, so the messages are
 * defined here.
 * @throws ApiProblem; an ended session leads to the sign-in page as with every call
 */
export async function headOf(path: string): Promise<void> {
  const response = await fetch(path, { method: 'HEAD' }).catch(() => {
    throw networkProblem();
  });
  if (response.ok) return;
  // Requested through `call`, which handles ended sessions in one place.
  if (response.status === 401) await call('GET', '/api/me');
  throw new ApiProblem(response.status, {
    code: 'DOWNLOAD_REFUSED',
    detail:
      REASONS[response.status] ?? "The file can't be downloaded right now. Try again shortly.",
    requestId: response.headers.get('x-request-id') ?? undefined,
  });
}
