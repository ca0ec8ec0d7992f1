import type { ServerRecord } from './endpoint-record.ts'

/** The fields of a user that a login reads from an answer, each a dotted path there (x-flow 10). */
export type UserMap = {
  readonly [field in 'userId' | 'username' | 'email' | 'firstName' | 'lastName']?: string
}

/** A security scheme through which flow users log in (x-flow 10). URLs may be relative. */
export type LoginRecord = {
  /** Name of the security scheme, and of the directory of its users. */
  readonly scheme: string
  /** What a relative URL is relative to. */
  readonly server: ServerRecord
} & (
  | {
      readonly kind: 'oauth2'
      readonly authorizationUrl: string
      readonly tokenUrl: string
      /** Where tokens are refreshed, if that is another address. */
      readonly refreshUrl: string | null
      readonly scope: string
      /** Called with the token, to learn who the user is. */
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
      /** Called with the user's credentials: a 2xx says that they are right. */
      readonly checkUrl: string
      /** Null: every name is the user name. */
      readonly map: UserMap | null
    }
)
