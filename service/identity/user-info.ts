import { parseJson } from '../base/exact-number.ts'
import type { JsonArray, JsonObject } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { ControlResponse } from '../net/control-client.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import type { RequestPlan } from '../plan/types.ts'

/** A call that says who a user is. */
export type UserRequest = {
  readonly url: URL
  /** The value of `Authorization`: the user's credential. */
  readonly authorization: string
  /** What the call carries besides. */
  readonly keys: RequestPlan['credential']
}

/** Statuses with which an API rejects a user: 423 is a locked account (RFC 4918 11.3). */
const DENIALS = new Set([401, 403, 423])

/**
 * Calls an API to check whether it accepts a user's credential.
 *
 * @param readsBody Whether to read the body of the answer.
 * @throws ConnectorError `LOGIN_DENIED` for 401, 403 and 423, `IDENTITY_FAILED` for other failing statuses, and
 *   those of the client.
 */
export async function checkCredential(
  client: IdentityClient,
  { url: bare, authorization, keys }: UserRequest,
  readsBody: boolean,
  signal: AbortSignal
): Promise<ControlResponse> {
  const url = new URL(bare)
  for (const [name, value] of keys.query) url.searchParams.append(name, value)
  const cookie = keys.cookies.map(pair => pair.join('=')).join('; ')
  const headers = {
    ...keys.headers,
    ...(cookie !== '' && { cookie }),
    accept: 'application/json',
    authorization
  }
  const request = { method: 'GET', url, headers, body: null, readsBody } as const
  const response = await client.send(request, signal)
  const { status } = response
  if (status >= 200 && status < 300) return response
  if (DENIALS.has(status)) {
    throw new ConnectorError('LOGIN_DENIED', { reason: `${url.host} does not accept this login` })
  }
  throw new ConnectorError('IDENTITY_FAILED', { host: url.host, status })
}

/**
 * Requests the user info of a credential's user.
 *
 * @throws ConnectorError as `checkCredential`, and `IDENTITY_ANSWER_INVALID` for anything but a JSON object or list.
 */
export async function fetchUserInfo(
  client: IdentityClient,
  request: UserRequest,
  signal: AbortSignal
): Promise<JsonObject | JsonArray> {
  const { body } = await checkCredential(client, request, true, signal)
  const info = parsed(new TextDecoder().decode(body))
  if (isJsonObject(info) || isJsonArray(info)) return info
  const { host } = request.url
  throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: 'it is not a JSON object' })
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
