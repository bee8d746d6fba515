import { z } from 'zod';
import type { Caller } from '../auth/request-origin.ts';
import type { BffDeps } from '../bff-deps.ts';
import { forwardedHeaders } from '../proxy/forwarded-headers.ts';
import { type ApiAnswer, ApiUnavailable } from '../upstream/api-client.ts';
import { apiUnavailable, isMissing } from '../upstream/upstream-problem.ts';

const listSchema = z.object({
  data: z.array(z.object({ id: z.guid(), name: z.string(), status: z.string() })),
});

export interface CreatedKey {
  readonly id: string;
  readonly name: string;
}

/** The active API keys that a person created. @throws Problem API_UNAVAILABLE */
export async function keysOfCreator(
  deps: BffDeps,
  caller: Caller,
  userId: string,
): Promise<readonly CreatedKey[]> {
  const answer = await callApi(deps, caller, 'GET', `/dashboard/api-keys?createdBy=${userId}`);
  if (answer.status !== 200) throw apiUnavailable();
  const { data } = listSchema.parse(JSON.parse(answer.text));
  return data.filter(({ status }) => status === 'active').map(({ id, name }) => ({ id, name }));
}

/** Revokes keys, one after the other; each leaves its own evidence. @throws Problem API_UNAVAILABLE */
export async function revokeKeys(
  deps: BffDeps,
  caller: Caller,
  keys: readonly CreatedKey[],
): Promise<void> {
  for (const { id } of keys) {
    const answer = await callApi(deps, caller, 'DELETE', `/dashboard/api-keys/${id}`);
    if (answer.status !== 204 && !isMissing(answer)) throw apiUnavailable();
  }
}

async function callApi(
  { api, tokens }: BffDeps,
  { member, origin }: Caller,
  method: string,
  path: string,
): Promise<ApiAnswer> {
  try {
    return await api.call({
      method,
      path,
      token: await tokens.forMember(member),
      headers: forwardedHeaders(origin),
    });
  } catch (error) {
    if (error instanceof ApiUnavailable) throw apiUnavailable(error);
    throw error;
  }
}
