import type { JsonValue } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { IdentityClient } from '../net/identity-client.ts'
import { NO_CREDENTIAL } from '../plan/credentials.ts'
import type { UserProfile, WarnOfLogin } from './types.ts'
import { fetchUserInfo } from './user-info.ts'
import type { LinkToRest } from './user-groups.ts'
import { GROUPS_MAX, readGroups, readMoreGroups, USUAL_GROUPS } from './user-groups.ts'

/** Where the groups of a user are described. */
export type DescribedGroups = {
  readonly scheme: string
  readonly description: JsonValue
  /** `me.groups`. */
  readonly path: string | undefined
  /** The addresses that described the user: a link to the rest is followed to their origins only. */
  readonly sources: readonly URL[]
  /** The value of `Authorization`. */
  readonly authorization: string
}

/** Most requests for the rest of a list. */
const REQUESTS_MAX = 20

/**
 * Reads the rest of a list of groups that an answer has cut (docs/x-flow.md#groups). A rest that cannot be read is a
 * line of the log, and no reason to deny the login.
 *
 * @returns The profile with all groups that are known.
 */
export async function completeGroups(
  { client, warn }: { readonly client: IdentityClient; readonly warn: WarnOfLogin },
  profile: UserProfile,
  { scheme, description, path = USUAL_GROUPS, sources, authorization }: DescribedGroups,
  signal: AbortSignal
): Promise<UserProfile> {
  let { next, isCut } = readGroups(description, path)
  if (!isCut) return profile
  const groups = new Set(profile.groups)
  const asked = new Set<string>()
  let reason = 'the answer gives no address of the rest'
  while (next !== null && groups.size < GROUPS_MAX) {
    const url = permitted(next, sources)
    if (url === null) reason = 'the rest is at another origin'
    else if (asked.has(url.href) || asked.size === REQUESTS_MAX) reason = 'the list does not end'
    if (url === null || asked.has(url.href) || asked.size === REQUESTS_MAX) break
    asked.add(url.href)
    const token = next.accessToken === null ? authorization : `Bearer ${next.accessToken}`
    const request = { url, authorization: token, keys: NO_CREDENTIAL }
    const answer = await fetchUserInfo(client, request, signal).catch((error: unknown) => {
      signal.throwIfAborted()
      if (error instanceof ConnectorError) return error
      throw error
    })
    if (answer instanceof ConnectorError) {
      reason = answer.message
      break
    }
    const more = readMoreGroups(answer, path)
    for (const id of more.ids) groups.add(id)
    ;({ next, isCut } = more)
  }
  const ids = [...groups].slice(0, GROUPS_MAX)
  if (groups.size >= GROUPS_MAX) reason = `no more than ${GROUPS_MAX} are kept`
  if (isCut) warn('the list of a user’s groups is cut', { scheme, count: ids.length, reason })
  return { ...profile, groups: ids }
}

/** The address of a link at the origin of a source; null for another. */
function permitted({ url: given }: LinkToRest, sources: readonly URL[]): URL | null {
  const url = URL.parse(given, sources[0]?.href)
  return url !== null && sources.some(({ origin }) => origin === url.origin) ? url : null
}
