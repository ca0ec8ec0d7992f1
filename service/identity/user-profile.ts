import { followPath } from '../base/dotted-path.ts'
import type { JsonValue } from '../base/json.ts'
import { isExactNumber, plainText } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { UserMap } from '../model/login-record.ts'
import { isFlaggedUnverified } from './email-flag.ts'
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

/** What a provider says of a user. The user id is null when nothing identifies the user. */
export type UserDescription = Omit<UserProfile, 'userId'> & { readonly userId: string | null }

/**
 * Reads what user info and ID tokens say of a user (docs/x-flow.md#user-fields). A field in the map is read from its
 * path only, any other from its common members; groups without a path come from `groups`. The first source that has a field gives it.
 * Names and addresses that a user may choose identify nobody, unless the map says so.
 *
 * @param sources The user info first.
 */
export function readProfile(sources: readonly JsonValue[], map: UserMap): UserDescription {
  const field = (name: TextField): Found | undefined => {
    const mapped = map[name]
    return firstText(sources, mapped === undefined ? COMMON_MEMBERS[name] : [mapped])
  }
  const text = (name: TextField): string | null => field(name)?.text ?? null
  const [id, email] = [field('userId'), field('email')]
  // An address that the map makes the user id must be as good as one that a rule names.
  const isForged =
    map.userId !== undefined && id !== undefined && isAddress(id.text) && isUnverified(sources, id)
  return {
    userId: isForged ? null : (id?.text ?? null),
    username: text('username'),
    email: email?.text ?? null,
    isEmailUnverified: email !== undefined && isUnverified(sources, email),
    firstName: text('firstName'),
    lastName: text('lastName'),
    groups: groupsIn(sources, map.groups ?? USUAL_GROUPS)
  }
}

function groupsIn(sources: readonly JsonValue[], path: string): readonly string[] {
  const lists = sources.map(source => readGroups(source, path))
  return lists.find(({ isGiven }) => isGiven)?.ids ?? []
}

/** A text, and where it was found. */
type Found = { readonly text: string; readonly path: string }

function firstText(sources: readonly JsonValue[], paths: readonly string[]): Found | undefined {
  for (const path of paths) {
    for (const source of sources) {
      const text = textOf(followPath(source, path))
      if (text !== null) return { text, path }
    }
  }
  return undefined
}

/** Whether a user id has the form of an email address. */
export function isAddress(userId: string): boolean {
  return /.@./.test(userId)
}

/** Whether one of the sources that have an email address calls it unverified. */
function isUnverified(sources: readonly JsonValue[], { text, path }: Found): boolean {
  const isSame = (value: JsonValue | undefined): boolean =>
    textOf(value)?.toLowerCase() === text.toLowerCase()
  return sources.some(
    source => isSame(followPath(source, path)) && isFlaggedUnverified(source, path)
  )
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

/** The problem when nothing identifies the user. A fallback could identify a different one. */
export function unknownUser(scheme: string, { host }: URL): ConnectorError {
  return new ConnectorError('LOGIN_USER_UNKNOWN', { scheme, host })
}

function textOf(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && !isExactNumber(value)) return null
  return plainText(value).trim() || null
}
