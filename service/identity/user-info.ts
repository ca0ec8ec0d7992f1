import { parseJson } from '../base/exact-number.ts'
import type { JsonObject } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { ControlResponse } from '../net/control-client.ts'
import type { IdentityClient } from '../net/identity-client.ts'

/**
 * Calls an API to check whether it accepts a user's credential.
 *
 * @param authorization The value of `Authorization`.
 * @param readsBody Whether to read the body of the answer.
 * @throws ConnectorError `LOGIN_DENIED` for 401 and 403, `IDENTITY_FAILED` for other failing statuses, and
 *   those of the client.
 */
export async function checkCredential(
  client: IdentityClient,
  url: URL,
  authorization: string,
  readsBody: boolean,
  signal: AbortSignal
): Promise<ControlResponse> {
  const headers = { accept: 'application/json', authorization }
  const request = { method: 'GET', url, headers, body: null, readsBody } as const
  const response = await client.send(request, signal)
  const { status } = response
  if (status >= 200 && status < 300) return response
  if (status === 401 || status === 403) {
    throw new ConnectorError('LOGIN_DENIED', { reason: `${url.host} does not accept this login` })
  }
  throw new ConnectorError('IDENTITY_FAILED', { host: url.host, status })
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
  signal: AbortSignal
): Promise<JsonObject> {
  const { body } = await checkCredential(client, url, authorization, true, signal)
  const info = parsed(new TextDecoder().decode(body))
  if (isJsonObject(info)) return info
  const { host } = url
  throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: 'it is not a JSON object' })
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
