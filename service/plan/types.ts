import type { JsonValue } from '../base/json.ts'
import type { ClientCredentialsRecord, ConductRecord } from '../model/endpoint-record.ts'
import type { Criterion, UserField } from '../model/mapping-record.ts'
import type { FlowObject } from '../objects/types.ts'
import type { PageRequest } from './paging/window-state.ts'

/** One condition of a list filter. */
export type FilterCondition = {
  readonly column: string
  readonly criterion: Criterion
  /** Text of the comparand; null or blank for none. */
  readonly value: string | null
}

/** A level of a list filter: conditions and groups with one join (docs/protocol.md#conditions). */
export type FilterGroup = {
  readonly join: 'AND' | 'OR'
  readonly conditions: readonly FilterCondition[]
  readonly groups: readonly FilterGroup[]
}

/** The list filter of a load (docs/protocol.md#load). */
export type ListFilter = {
  /** External id; null for a query. */
  readonly id: string | null
  readonly where: FilterGroup
  readonly order: readonly { readonly column: string; readonly direction: 'ASC' | 'DESC' }[]
  /** Free text; null for none. */
  readonly search: string | null
  /** Columns that the search is limited to; empty for all. */
  readonly searchColumns: readonly string[]
  /** 0 for no limit. */
  readonly limit: number
  readonly offset: number
  /** The token of the previous window; null for none. */
  readonly offsetToken: string | null
  /** External ids of the objects that the filter is limited to; null for all. */
  readonly providedIds: readonly string[] | null
}

/** The calling user's fields for parameters; a field without value is absent. */
export type UserFields = { readonly [field in UserField]?: string }

/** Credentials and addresses from the configuration values. Blank values are null. */
export type ApiAccess = {
  readonly apiKey: string | null
  readonly bearerToken: string | null
  readonly basic: { readonly username: string; readonly password: string } | null
  /** The client credentials of the connector (RFC 6749 2.3.1). */
  readonly client: { readonly id: string; readonly secret: string | null } | null
  /** The service connects with a client certificate (`CLIENT_CERT_FILE`). */
  readonly hasCertificate: boolean
  /** The scheme through which the calling user is logged in, and the origins of its API; null for nobody. */
  readonly login: {
    readonly scheme: string
    readonly kind: 'basic' | 'bearer'
    readonly origins: readonly string[]
  } | null
  /** `Login: shared`: configured credentials come before the user's. */
  readonly loginIsShared: boolean
  /** Overrides every server of the document. */
  readonly serverUrl: string | null
  readonly serverVariables: { readonly [name: string]: string }
  /** Hosts that credentials may be sent to, also `*.example.com`; null: those of the document. */
  readonly allowedHosts: readonly string[] | null
  readonly variables: { readonly [name: string]: string }
}

/** A request body before it is written to bytes. */
export type PlannedBody =
  | { readonly encoding: 'text'; readonly mediaType: string; readonly text: string }
  | { readonly encoding: 'multipart'; readonly parts: readonly PlannedPart[] }

/** One part of a multipart body. */
export type PlannedPart = {
  readonly name: string
  readonly value: string | Uint8Array
  /** Null: a plain field. */
  readonly mediaType: string | null
  /** Null for none; by default a part with a media type is a file of its own name. */
  readonly filename?: string | null
  /** Further headers of the part. */
  readonly headers?: { readonly [name: string]: string }
}

/** A token for `Authorization` that is fetched when the call is made. */
export type Grant =
  /** The token or password of the calling user's login. */
  | { readonly from: 'login' }
  /** A token for the connector itself (RFC 6749 4.4). */
  | ({ readonly from: 'client'; readonly scheme: string } & ClientCredentialsRecord)

/** One planned call of an API. */
export type RequestPlan = {
  /** Method and path template of the operation: what calls of one kind have in common. */
  readonly operation: string
  readonly method: string
  /** Absolute, without any configured credential. */
  readonly url: string
  /** The origin of the server. That of the URL may be https at the same host instead. */
  readonly origin: string
  readonly headers: { readonly [name: string]: string }
  readonly body: PlannedBody | null
  /** Those of the configuration: the only hosts that may receive a secret; null for those of the document. */
  readonly allowedHosts: ApiAccess['allowedHosts']
  /** The `Accept` header, unless `headers` has one. */
  readonly accept: string
  /** Separate, so that it can be masked. */
  readonly credential: {
    readonly headers: { readonly [name: string]: string }
    readonly query: readonly (readonly [name: string, value: string])[]
    readonly cookies: readonly (readonly [name: string, value: string])[]
  }
  /** A token to add to the credential when the call is made; null for none. */
  readonly grant: Grant | null
  /** Whether a 2xx without JSON is a fault; else it has no body. */
  readonly answersJson: boolean
  /** Set where the call saves or deletes, so that a 303 says that it is done (RFC 9110 15.4.4). */
  readonly isWrite?: boolean
  /** Values of `Variables` in the URL, the headers or the body, to be masked in output. */
  readonly secrets: readonly string[]
  /** The configuration value that the operation's security lacks; null when it is met. */
  readonly missingCredential: string | null
  /** The configured credentials that the operation's security does not ask for. */
  readonly unsentCredentials: readonly string[]
  readonly conduct: ConductRecord
  /**
   * The idempotency key header that the operation declares, filled with a fresh key unless `headers` has
   * it; null for none.
   */
  readonly idempotencyKey: string | null
}

/** The input of one call. */
export type OperationInput = {
  readonly id: string | null
  readonly object: FlowObject | null
  /** JSON body of the object; null when the call carries none. */
  readonly body: JsonValue | null
  readonly filter: ListFilter | null
  /** The requested page; null where the operation is not paged. */
  readonly page: PageRequest | null
  /** The `ETag` of the version to update; null for none. */
  readonly ifMatch: string | null
  readonly user: UserFields
}
