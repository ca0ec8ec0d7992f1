import type { JsonArray, JsonObject, JsonValue } from '../base/json.ts'
import type { UserMap } from '../model/login-record.ts'
import type { Described, IdentifiedUser, UserDetails, UserProfile } from './types.ts'
import type { UserDescription } from './user-profile.ts'
import { isAddress, readProfile } from './user-profile.ts'

/** What describes a user: the user info, and the claims of an ID token; null where there is none. */
export type UserSources = {
  readonly info: JsonObject | JsonArray | null
  readonly claims: JsonObject | null
  /** Whether the provider has many tenants, each of which says what it likes of its users. */
  readonly hasTenants: boolean
}

const DETAILS = ['username', 'email', 'groups'] as const satisfies readonly (keyof UserDetails)[]

/** Identifies the user who logged in; undefined when nothing does. */
export function identifyUser(sources: UserSources, map: UserMap): IdentifiedUser | undefined {
  const { userId, ...description } = describe(sources, map)
  if (userId === null) return undefined
  return { profile: { ...description, userId }, ...originOf(sources, map, description) }
}

/**
 * Describes a user anew. What only an earlier ID token said remains until there is another one.
 *
 * @returns The user id that the sources name, null for none, and the description.
 */
export function describeAnew(
  sources: UserSources,
  map: UserMap,
  known: Described,
  readAt: number
): { readonly userId: string | null; readonly described: Described } {
  const { userId, ...description } = describe(sources, map)
  const found = detailsOf(description)
  const details = {
    username: found.username ?? known.details.username,
    email: keeps('email') ? known.details.email : found.email,
    groups: keeps('groups') ? known.details.groups : found.groups
  }
  const { hasUserInfo, fromIdToken, subject } =
    sources.claims === null ? known : originOf(sources, map, description)
  return { userId, described: { details, readAt, hasUserInfo, fromIdToken, subject } }

  function keeps(name: 'email' | 'groups'): boolean {
    if (sources.claims !== null) return false
    // Only an ID token says whose the address is.
    if (name === 'email' && sources.hasTenants) return true
    return known.fromIdToken.includes(name) && isBlank(description[name])
  }
}

/**
 * Reads a description. In a provider with many tenants, each sets the addresses of its users as it likes: they are
 * verified, and identify a user, only where the ID token says that the tenant owns the domain of the email address
 * (`xms_edov` of Microsoft Entra).
 */
function describe(sources: UserSources, map: UserMap): UserDescription {
  const description = readProfile(listed(sources), map)
  const { hasTenants, claims } = sources
  if (!hasTenants) return description
  const { userId } = description
  const isOwned = /^(?:true|1)$/i.test(String(claims?.xms_edov ?? ''))
  const isForgeable =
    userId !== null && isAddress(userId) && !(isOwned && isSameText(userId, claims?.email))
  return {
    ...description,
    userId: map.userId !== undefined && isForgeable ? null : userId,
    isEmailUnverified: description.isEmailUnverified || !isOwned
  }
}

function isSameText(text: string, other: JsonValue | undefined): boolean {
  return typeof other === 'string' && text.toLowerCase() === other.trim().toLowerCase()
}

/** The details that count in access rules. */
export function detailsOf({
  username,
  email,
  groups,
  isEmailUnverified
}: Omit<UserProfile, 'userId'>): UserDetails {
  return { username, email: isEmailUnverified ? null : email, groups }
}

function listed({ info, claims }: UserSources): (JsonObject | JsonArray)[] {
  return [info, claims].filter(source => source !== null)
}

function originOf(
  { info, claims }: UserSources,
  map: UserMap,
  whole: Omit<UserDescription, 'userId'>
): Pick<Described, 'hasUserInfo' | 'fromIdToken' | 'subject'> {
  const ofInfo = info === null ? null : readProfile([info], map)
  const fromIdToken =
    claims === null
      ? []
      : DETAILS.filter(name => isBlank(ofInfo?.[name] ?? null) && !isBlank(whole[name]))
  const { sub } = claims ?? {}
  const subject = typeof sub === 'string' ? sub : null
  return { hasUserInfo: info !== null, fromIdToken, subject }
}

function isBlank(value: string | readonly string[] | null): boolean {
  return value === null || value.length === 0
}
