import type { JsonArray, JsonObject } from '../base/json.ts'
import type { UserMap } from '../model/login-record.ts'
import type { GroupPorts } from './complete-groups.ts'
import { completeGroups } from './complete-groups.ts'
import type { UserRequest } from './user-info.ts'
import { fetchUserInfo } from './user-info.ts'

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
  const info = await fetchUserInfo(ports.client, request, map, signal)
  return completeGroups(ports, info, { request, map }, signal)
}
