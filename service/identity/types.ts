import type { LoginRecord } from '../model/login-record.ts'
import type { IdentityBase } from '../plan/server-url.ts'
import type { ApiAccess } from '../plan/types.ts'

/** Who a user is, as a login learned it; a field that nothing says is null. */
export type UserProfile = {
  readonly userId: string
  readonly username: string | null
  readonly email: string | null
  /** The provider says that the address may be another one's (`email_verified`, OpenID Connect Core 5.1). */
  readonly isEmailDoubtful: boolean
  readonly firstName: string | null
  readonly lastName: string | null
  /** Ids of the groups that the user belongs to. */
  readonly groups: readonly string[]
}

/** What proves a user to an API. */
export type UserTokens = {
  /** The value of `Authorization`. */
  readonly authorization: string
  /** Milliseconds since 1970 after which it proves nothing; null where nobody says. */
  readonly expiresAt: number | null
  /** From when on it is renewed where it can be, shortly before that: a call takes time to arrive. */
  readonly renewAt: number | null
  /** What gets the next one; null for none. */
  readonly refreshToken: string | null
}

/** A user who has just logged in. */
export type LoggedIn = { readonly profile: UserProfile; readonly tokens: UserTokens }

/** A way to log in, with everything that the document and the configuration say about it. */
export type LoginMethod<Kind extends LoginRecord['kind'] = LoginRecord['kind']> = {
  readonly login: Extract<LoginRecord, { readonly kind: Kind }>
  readonly base: IdentityBase
  /** What the connector proves itself with; only a login by user name and password needs none. */
  readonly client: ApiAccess['client']
  /** @throws ConnectorError `ORIGIN_NOT_APPROVED` for an address whose host may get no credential. */
  readonly assertHost: (url: URL) => void
}

/** For whom a login counts: with another tenant or document it is none. */
export type LoginScope = {
  readonly tenant: string
  /** The configuration value `Schema URL`. */
  readonly schemaUrl: string
}
