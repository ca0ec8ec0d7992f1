import type { ServerRecord } from './endpoint-record.ts'

/** Where an answer has the fields of a user, as dotted paths (docs/x-flow.md#user-fields). */
export type UserMap = {
  readonly [field in 'userId' | 'username' | 'email' | 'firstName' | 'lastName']?: string
}

/** A security scheme for logins of flow users (docs/x-flow.md#logins). URLs may be relative. */
export type LoginRecord = {
  /** Name of the security scheme, and of the directory of its users. */
  readonly scheme: string
  /** The base of relative URLs. */
  readonly server: ServerRecord
} & (
  | {
      readonly kind: 'oauth2'
      readonly authorizationUrl: string
      readonly tokenUrl: string
      /** Where tokens are refreshed; null for `tokenUrl`. */
      readonly refreshUrl: string | null
      readonly scope: string
      /** Returns the user of a token. */
      readonly userInfoUrl: string
      readonly map: UserMap
    }
  | {
      readonly kind: 'openIdConnect'
      readonly discoveryUrl: string
      readonly scope: string
      readonly map: UserMap
    }
  | {
      readonly kind: 'basic'
      /** Called with the user's credentials; a 2xx accepts them. */
      readonly checkUrl: string
      /** Null for the user name alone. */
      readonly map: UserMap | null
    }
)
