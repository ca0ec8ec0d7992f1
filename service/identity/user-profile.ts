import { followPath } from '../base/dotted-path.ts'
import type { JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonArray, member, plainText } from '../base/json.ts'
import type { UserMap } from '../model/login-record.ts'
import type { UserProfile } from './types.ts'

/** Where a field stands in the usual descriptions of users (OpenID Connect Core 5.1), the likeliest first. */
const USUAL: { readonly [field in keyof UserMap]-?: readonly string[] } = {
  userId: ['sub', 'id'],
  username: ['preferred_username', 'username', 'login'],
  email: ['email'],
  firstName: ['given_name'],
  lastName: ['family_name']
}

/** Ids of groups at the most, so that a handle stays of a size. */
const GROUPS_MAX = 1_000

/**
 * Reads who a user is from a description (x-flow 10). A field that the map names is read there and nowhere
 * else, any other where such descriptions usually have it. Groups are what `groups` lists.
 *
 * @returns Undefined when nothing in it identifies the user.
 */
export function readProfile(description: JsonValue, map: UserMap): UserProfile | undefined {
  const field = (name: keyof UserMap): string | null => {
    const mapped = map[name]
    const paths = mapped === undefined ? USUAL[name] : [mapped]
    for (const path of paths) {
      const text = textOf(followPath(description, path))
      if (text !== null) return text
    }
    return null
  }
  const [username, email] = [field('username'), field('email')]
  const userId = field('userId') ?? (map.userId === undefined ? (username ?? email) : null)
  if (userId === null) return undefined
  const [firstName, lastName] = [field('firstName'), field('lastName')]
  const isEmailDoubtful = /^false$/i.test(plainText(member(description, 'email_verified') ?? ''))
  const groups = readGroups(description)
  return { userId, username, email, isEmailDoubtful, firstName, lastName, groups }
}

/** The profile of a user of whom only the name with which they logged in is known (row F06). */
export function nameOnly(username: string): UserProfile {
  return {
    userId: username,
    username,
    email: username,
    isEmailDoubtful: true,
    firstName: username,
    lastName: username,
    groups: []
  }
}

/** Each group is its id, or an object with an `id` or a `name`. */
function readGroups(description: JsonValue): string[] {
  const groups = member(description, 'groups')
  const ids = (isJsonArray(groups) ? groups : []).flatMap(
    group => textOf(group) ?? textOf(member(group, 'id')) ?? textOf(member(group, 'name')) ?? []
  )
  return [...new Set(ids)].slice(0, GROUPS_MAX)
}

function textOf(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && !isExactNumber(value)) return null
  return plainText(value).trim() || null
}
