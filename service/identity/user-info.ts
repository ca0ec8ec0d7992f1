import type { JsonArray, JsonObject } from '../base/json.ts'
import { isJsonArray, isJsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { UserMap } from '../model/login-record.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import type { RequestPlan } from '../plan/types.ts'
import type { Proof } from './login-proof.ts'
import { judgeProof } from './login-proof.ts'
import { readProfile } from './user-profile.ts'

/** A call that says who a user is. */
export type UserRequest = {
  readonly url: URL
  /** The value of `Authorization`: the user's credential; null to call as nobody. */
  readonly authorization: string | null
  /** What the call carries besides. */
  readonly keys: RequestPlan['credential']
  /** How a 2xx says that the call was refused. */
  readonly failure: EndpointRecord['failure']
}

/** Statuses with which an API rejects a user: 423 is a locked account (RFC 4918 11.3). */
const DENIALS = new Set([401, 403, 423])

/**
 * Calls an API with a user's credential, and judges whether its answer proves that it accepts it.
 *
 * @param map Where a body has the fields of a user; null where only its start is looked at.
 * @returns The body, if it is JSON.
 * @throws ConnectorError `LOGIN_DENIED` for 401, 403 and 423, `IDENTITY_FAILED` for other failing statuses,
 *   `IDENTITY_ANSWER_INVALID` for a 2xx that proves nothing, and those of the client.
 */
export async function checkCredential(
  client: IdentityClient,
  { url: bare, authorization, keys, failure }: UserRequest,
  map: UserMap | null,
  signal: AbortSignal
): Promise<Proof['body']> {
  const { host } = bare
  const url = new URL(bare)
  for (const [name, value] of keys.query) url.searchParams.append(name, value)
  const cookie = keys.cookies.map(pair => pair.join('=')).join('; ')
  const headers = {
    ...keys.headers,
    ...(cookie !== '' && { cookie }),
    accept: 'application/json',
    // A body with a content coding cannot be cut.
    ...(map === null && { 'accept-encoding': 'identity' }),
    ...(authorization !== null && { authorization })
  }
  const reading = { readsBody: true, cutsBody: map === null }
  const request = { method: 'GET', url, headers, body: null, ...reading } as const
  const response = await client.send(request, signal)
  const { status } = response
  if (DENIALS.has(status)) {
    throw new ConnectorError('LOGIN_DENIED', { reason: `${host} does not accept this login` })
  }
  if (status < 200 || status >= 300) throw new ConnectorError('IDENTITY_FAILED', { host, status })
  const isUser = (given: JsonObject): boolean => readProfile([given], map ?? {}).userId !== null
  const { fault, body } = judgeProof(response, { failure, isUser })
  if (fault !== null) throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: fault })
  return body
}

/**
 * Requests the user info of a credential's user.
 *
 * @throws ConnectorError as `checkCredential`, and `IDENTITY_ANSWER_INVALID` for anything but a JSON object or list.
 */
export async function fetchUserInfo(
  client: IdentityClient,
  request: UserRequest,
  map: UserMap,
  signal: AbortSignal
): Promise<JsonObject | JsonArray> {
  const info = await checkCredential(client, request, map, signal)
  if (isJsonObject(info) || isJsonArray(info)) return info
  const { host } = request.url
  throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: 'it is not a JSON object' })
}
