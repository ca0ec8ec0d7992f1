import type { JsonObject } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { UserMap } from '../model/login-record.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import type { Proof } from './login-proof.ts'
import { judgeProof } from './login-proof.ts'
import { readProfile } from './user-profile.ts'

/**
 * Calls an API with a user's credential, and judges whether its answer proves that it accepts it.
 *
 * @param authorization The value of `Authorization`; null to call it as nobody.
 * @param map Where a body would have the fields of a user.
 * @returns The body, if it is JSON.
 * @throws ConnectorError `LOGIN_DENIED` for 401 and 403, `IDENTITY_FAILED` for other failing statuses,
 *   `IDENTITY_ANSWER_INVALID` for a 2xx that proves nothing, and those of the client.
 */
export async function checkCredential(
  client: IdentityClient,
  url: URL,
  authorization: string | null,
  map: UserMap,
  signal: AbortSignal
): Promise<Proof['body']> {
  const { host } = url
  const headers = {
    accept: 'application/json',
    ...(authorization !== null && { authorization })
  }
  const request = { method: 'GET', url, headers, body: null, readsBody: true } as const
  const response = await client.send(request, signal)
  const { status } = response
  if (status === 401 || status === 403) {
    throw new ConnectorError('LOGIN_DENIED', { reason: `${host} does not accept this login` })
  }
  if (status < 200 || status >= 300) throw new ConnectorError('IDENTITY_FAILED', { host, status })
  const { fault, body } = judgeProof(response, given => readProfile([given], map).userId !== null)
  if (fault !== null) throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: fault })
  return body
}

/**
 * Requests the user info of a credential's user.
 *
 * @throws ConnectorError as `checkCredential`, and `IDENTITY_ANSWER_INVALID` for anything but a JSON object.
 */
export async function fetchUserInfo(
  client: IdentityClient,
  url: URL,
  authorization: string,
  map: UserMap,
  signal: AbortSignal
): Promise<JsonObject> {
  const info = await checkCredential(client, url, authorization, map, signal)
  if (isJsonObject(info)) return info
  const { host } = url
  throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: 'it is not a JSON object' })
}
