import type { JsonArray, JsonObject } from '../base/json.ts'
import type { UserMap } from '../model/login-record.ts'
import type { GroupPorts } from './complete-groups.ts'
import { completeGroups } from './complete-groups.ts'
import type { UserRequest } from './user-info.ts'
import { fetchUserInfo } from './user-info.ts'

/** What stands for the token in a URL (HubSpot), also percent-encoded. */
const TOKEN_HOLE = /(?:\{|%7B)access_token(?:\}|%7D)/gi

/**
 * Requests what an API says of the user of a credential, with all groups.
 *
 * @throws ConnectorError as `fetchUserInfo`.
 */
export async function describeUser(
  ports: GroupPorts,
  request: UserRequest,
  map: UserMap,
  signal: AbortSignal
): Promise<JsonObject | JsonArray> {
  const filled = { ...request, url: withToken(request) }
  const info = await fetchUserInfo(ports.client, filled, map, signal)
  return completeGroups(ports, info, { request: filled, map }, signal)
}

function withToken({ url, authorization }: UserRequest): URL {
  const [, bearer] = /^Bearer (.*)$/.exec(authorization ?? '') ?? []
  if (bearer === undefined) return url
  const token = encodeURIComponent(bearer)
  return new URL(url.href.replace(TOKEN_HOLE, () => token))
}
