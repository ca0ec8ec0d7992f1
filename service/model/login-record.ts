import type { EndpointRecord, ServerRecord } from './endpoint-record.ts'
import type { OAuthClientRecord } from './oauth-client-record.ts'

/** Where an answer has the fields of a user, as dotted paths (docs/x-flow.md#user-fields). */
export type UserMap = {
  readonly [field in 'userId' | 'username' | 'email' | 'firstName' | 'lastName' | 'groups']?: string
}

/** The operation that says who a user is, with the API keys that its `security` names. */
export type UserOperation = Pick<
  EndpointRecord,
  'method' | 'path' | 'security' | 'sendsByName' | 'apiKeySchemes'
>

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
      readonly client: OAuthClientRecord
      /** Returns the user of a token. */
      readonly userInfoUrl: string
      /** That of `userInfoUrl`; null if it asks for no key. */
      readonly userOperation: UserOperation | null
      /** How its 2xx says that the call was refused. */
      readonly failure: EndpointRecord['failure']
      readonly map: UserMap
    }
  | {
      readonly kind: 'openIdConnect'
      readonly discoveryUrl: string
      readonly scope: string
      readonly client: OAuthClientRecord
      readonly map: UserMap
    }
  | {
      readonly kind: 'basic'
      /** Called with the user's credentials; a 2xx accepts them. */
      readonly checkUrl: string
      /** That of `checkUrl`; null if it asks for no key. */
      readonly userOperation: UserOperation | null
      /** How its 2xx says that the call was refused. */
      readonly failure: EndpointRecord['failure']
      /** Null for the user name alone. */
      readonly map: UserMap | null
    }
)
