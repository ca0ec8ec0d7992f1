import type { Owner } from '../base/owner.ts'
import type { LoginRecord } from '../model/login-record.ts'
import type { IdentityBase } from '../plan/server-url.ts'
import type { ApiAccess, RequestPlan } from '../plan/types.ts'

/** The grants of RFC 6749 that the connector uses. */
export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials'

/** A user's profile; unknown fields are null. */
export type UserProfile = {
  readonly userId: string
  readonly username: string | null
  readonly email: string | null
  /** The email address may not be the user's (`email_verified`, OpenID Connect Core 5.1). */
  readonly isEmailUnverified: boolean
  readonly firstName: string | null
  readonly lastName: string | null
  /** Ids of the groups that the user belongs to. */
  readonly groups: readonly string[]
}

/** A user's credentials for an API. */
export type UserTokens = {
  /** The value of `Authorization`. */
  readonly authorization: string
  /** Milliseconds since 1970; null when unknown. */
  readonly expiresAt: number | null
  /** When to renew it (ms since 1970): shortly before it expires, since a call takes time to arrive. */
  readonly renewAt: number | null
  readonly refreshToken: string | null
}

/** Logs a warning for operators. The facts must not contain values of an answer. */
export type WarnOfLogin = (message: string, facts: { readonly [name: string]: unknown }) => void

/** What access rules and `$User` need of a user besides the id. An email address that is not verified is null. */
export type UserDetails = Pick<UserProfile, 'username' | 'email' | 'groups'>

/** A description of a user, and what is needed to read it again. */
export type Described = {
  readonly details: UserDetails
  /** When it was read (ms since 1970). */
  readonly readAt: number
  /** Whether there is user info to read again. */
  readonly hasUserInfo: boolean
  /** The details that only the ID token had, and that new user info therefore leaves as they are. */
  readonly fromIdToken: readonly (keyof UserDetails)[]
  /** `sub` of the ID token; null without one. */
  readonly subject: string | null
}

/** What a login says of a user. The profile is for the platform, the rest for the handle. */
export type IdentifiedUser = { readonly profile: UserProfile } & Pick<
  Described,
  'hasUserInfo' | 'fromIdToken' | 'subject'
>

export type LoginResult = IdentifiedUser & { readonly tokens: UserTokens }

/** How to log in through a security scheme, from the document and the configuration values. */
export type LoginMethod<Kind extends LoginRecord['kind'] = LoginRecord['kind']> = {
  readonly login: Extract<LoginRecord, { readonly kind: Kind }>
  readonly base: IdentityBase
  /** The connector's client id and secret, which only a login with user name and password does not need. */
  readonly client: ApiAccess['client']
  /**
   * The configured API keys that the operation that says who a user is asks for.
   *
   * @throws ConnectorError `PARAMETER_INVALID` for a key that no header can hold.
   */
  readonly userKeys: () => RequestPlan['credential']
  /** @throws ConnectorError `ORIGIN_NOT_APPROVED` for a host that must not receive credentials. */
  readonly assertHost: (url: URL) => void
}

/** Where a login is valid: one tenant, one document. */
export type LoginScope = {
  readonly owner: Owner
  /** The configuration value `Schema URL` in canonical form. */
  readonly schemaUrl: string
}
