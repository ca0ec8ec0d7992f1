import type { JsonArray, JsonObject } from '../base/json.ts'
import { isJsonArray } from '../base/json.ts'
import { parseUrl } from '../base/parse-url.ts'
import { ConnectorError } from '../errors.ts'
import type { UserMap } from '../model/login-record.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { NO_CREDENTIAL } from '../plan/credentials.ts'
import type { WarnOfLogin } from './types.ts'
import type { GroupList, LinkToRest } from './user-groups.ts'
import { GROUPS_MAX, readGroups, readMoreGroups, USUAL_GROUPS } from './user-groups.ts'
import type { UserRequest } from './user-info.ts'
import { fetchUserInfo } from './user-info.ts'

export type GroupPorts = { readonly client: IdentityClient; readonly warn: WarnOfLogin }

/** The request that described a user: a link to the rest is followed to its origin only. */
export type Describing = {
  readonly request: Pick<UserRequest, 'url' | 'authorization'>
  readonly map: UserMap
}

/** Most requests for the rest of a list. */
const REQUESTS_MAX = 20

/**
 * Reads the rest of a list of groups that a description has cut (docs/x-flow.md#groups). A rest that cannot be read is
 * a line of the log, and no reason to deny the login.
 *
 * @returns The description with all groups that are known, under the whole path as one name.
 */
export async function completeGroups<Description extends JsonObject | JsonArray>(
  { client, warn }: GroupPorts,
  description: Description,
  { request, map }: Describing,
  signal: AbortSignal
): Promise<Description | JsonObject> {
  const path = map.groups ?? USUAL_GROUPS
  const first = readGroups(description, path)
  if (isJsonArray(description) || !first.isCut) return description
  const groups = new Set(first.ids)
  const reason = await readRest({ client, path, request, groups, signal }, first)
  const ids = [...groups].slice(0, GROUPS_MAX)
  if (reason !== null) {
    const { host } = request.url
    warn('the list of groups of a user is cut', { host, count: ids.length, reason })
  }
  return { ...description, [path]: ids }
}

type Rest = {
  readonly client: IdentityClient
  readonly path: string
  readonly request: Describing['request']
  /** Takes the groups that are found. */
  readonly groups: Set<string>
  readonly signal: AbortSignal
}

/** Follows the links to the rest of a list. Returns why some of it remains unread; null if nothing does. */
async function readRest(
  { client, path, request, groups, signal }: Rest,
  first: GroupList
): Promise<string | null> {
  const asked = new Set<string>()
  let list = first
  while (list.isCut) {
    if (groups.size >= GROUPS_MAX) return `no more than ${GROUPS_MAX} are kept`
    if (list.next === null) return 'the answer gives no address of the rest'
    const url = permitted(list.next, request.url)
    if (url === null) return 'the rest is at another origin'
    if (asked.has(url.href) || asked.size === REQUESTS_MAX) return 'the list does not end'
    asked.add(url.href)
    const { accessToken } = list.next
    const authorization = accessToken === null ? request.authorization : `Bearer ${accessToken}`
    const call = { url, authorization, keys: NO_CREDENTIAL, failure: 'guessed' } as const
    try {
      list = readMoreGroups(await fetchUserInfo(client, call, {}, signal), path)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof ConnectorError) return error.message
      throw error
    }
    for (const id of list.ids) groups.add(id)
  }
  return groups.size > GROUPS_MAX ? `no more than ${GROUPS_MAX} are kept` : null
}

/** The address of a link at the origin of the description; null for another. */
function permitted({ url: given }: LinkToRest, { href, origin }: URL): URL | null {
  const url = parseUrl(given, href)
  return url?.origin === origin ? url : null
}
