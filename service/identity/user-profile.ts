import { followPath } from '../base/dotted-path.ts'
import type { JsonValue } from '../base/json.ts'
import { isExactNumber, member, plainText } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { UserMap } from '../model/login-record.ts'
import type { UserProfile } from './types.ts'
import { readGroups, USUAL_GROUPS } from './user-groups.ts'

/** A field that has one text. */
type TextField = Exclude<keyof UserMap, 'groups'>

/** Common members of user info (OpenID Connect Core 5.1), in the order in which they are tried. */
const COMMON_MEMBERS: { readonly [field in TextField]: readonly string[] } = {
  userId: ['sub', 'id'],
  username: ['preferred_username', 'username', 'login'],
  email: ['email'],
  firstName: ['given_name'],
  lastName: ['family_name']
}

/**
 * Reads a user's profile from user info (docs/x-flow.md#user-fields). A field in the map is read from its
 * path only, any other from its common members. Groups without a path come from `groups`.
 *
 * @returns Undefined when nothing identifies the user.
 */
export function readProfile(description: JsonValue, map: UserMap): UserProfile | undefined {
  const field = (name: TextField): string | null => {
    const mapped = map[name]
    const paths = mapped === undefined ? COMMON_MEMBERS[name] : [mapped]
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
  const isEmailUnverified = /^false$/i.test(plainText(member(description, 'email_verified') ?? ''))
  const groups = readGroups(description, map.groups ?? USUAL_GROUPS).ids
  return { userId, username, email, isEmailUnverified, firstName, lastName, groups }
}

/** Profile of a user of whom only the user name is known. */
export function profileFromUsername(username: string): UserProfile {
  return {
    userId: username,
    username,
    email: username,
    isEmailUnverified: true,
    firstName: username,
    lastName: username,
    groups: []
  }
}

/** The problem when the mapped user id is missing. A fallback could identify a different user. */
export function unknownUser(scheme: string, { host }: URL): ConnectorError {
  return new ConnectorError('LOGIN_USER_UNKNOWN', { scheme, host })
}

function textOf(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && !isExactNumber(value)) return null
  return plainText(value).trim() || null
}
