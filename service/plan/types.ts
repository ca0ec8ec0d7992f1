import type { JsonValue } from '../base/json.ts'
import type { ConductRecord } from '../model/endpoint-record.ts'
import type { Criterion, UserField } from '../model/mapping-record.ts'
import type { FlowObject } from '../objects/types.ts'
import type { PageRequest } from './paging/page-window.ts'

/** One condition of a list filter. */
export type FilterCondition = {
  readonly column: string
  readonly criterion: Criterion
  /** Text of the comparand; null or blank for none. */
  readonly value: string | null
}

/** A level of a list filter (protocol 7.3): conditions and groups, all joined the same way. */
export type FilterGroup = {
  readonly join: 'AND' | 'OR'
  readonly conditions: readonly FilterCondition[]
  readonly groups: readonly FilterGroup[]
}

/** What a load asks for (protocol 7). */
export type ListFilter = {
  /** External id; null for a query. */
  readonly id: string | null
  readonly where: FilterGroup
  readonly order: readonly { readonly column: string; readonly direction: 'ASC' | 'DESC' }[]
  /** Free text; null for none. */
  readonly search: string | null
  /** Columns that the search is limited to; blank for all. */
  readonly searchColumns: readonly string[]
  /** 0 for no limit. */
  readonly limit: number
  readonly offset: number
  /** The token that the window before this one came with; null for none. */
  readonly offsetToken: string | null
  /** External ids of the objects that the filter is limited to (protocol 7.5); null for all. */
  readonly providedIds: readonly string[] | null
}

/** The calling user's fields that parameters can take; a field without value is absent. */
export type UserFields = { readonly [field in UserField]?: string }

/** Credentials and addresses that the configuration values give (x-flow 14). Blank values are null. */
export type ApiAccess = {
  readonly apiKey: string | null
  readonly bearerToken: string | null
  readonly basic: { readonly username: string; readonly password: string } | null
  /** What the connector proves itself with where it gets tokens. */
  readonly client: { readonly id: string; readonly secret: string | null } | null
  /** The service shows a certificate where it connects (`CLIENT_CERT_FILE`). */
  readonly hasCertificate: boolean
  /** The scheme through which the calling user is logged in; null for nobody. */
  readonly login: { readonly scheme: string; readonly kind: 'basic' | 'bearer' } | null
  /** `Login: shared`: what is configured comes before what the user has. */
  readonly loginIsShared: boolean
  /** Overrides every server of the document. */
  readonly serverUrl: string | null
  readonly serverVariables: { readonly [name: string]: string }
  /** Hosts that credentials may go to, `*.example.com` for those below one; null: those of the document. */
  readonly allowedHosts: readonly string[] | null
  readonly variables: { readonly [name: string]: string }
}

/** A request body before it is written to bytes. */
export type PlannedBody =
  | { readonly encoding: 'text'; readonly mediaType: string; readonly text: string }
  | {
      readonly encoding: 'multipart'
      readonly parts: readonly {
        readonly name: string
        readonly value: string
        /** Sent as a file with this media type; null: a plain field. */
        readonly mediaType: string | null
      }[]
    }

/** A token that goes into `Authorization`, and that is at hand only when the call is made. */
export type Grant =
  /** What the calling user logged in with. */
  | { readonly from: 'login' }
  /** A token for the connector itself (RFC 6749 4.4). */
  | {
      readonly from: 'client'
      readonly scheme: string
      readonly tokenUrl: string
      readonly scope: string
    }

/** Everything that one call of an API needs, decided before it is made. */
export type RequestPlan = {
  readonly method: string
  /** Absolute, without any configured credential. */
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body: PlannedBody | null
  /** What proves the caller to the API, apart from the rest so that it can be masked. */
  readonly credential: {
    readonly headers: { readonly [name: string]: string }
    readonly query: readonly (readonly [name: string, value: string])[]
    readonly cookies: readonly (readonly [name: string, value: string])[]
  }
  /** What is put into the credential as the call is made; null where nothing is missing in it. */
  readonly grant: Grant | null
  /** Whether a 2xx that is no JSON is a fault; else it counts as no body. */
  readonly answersJson: boolean
  /** Values of `Variables` that stand in the URL, the headers or the body, to be masked where it is shown. */
  readonly secrets: readonly string[]
  /** Names the configuration value that would satisfy the operation's security; null when it is met. */
  readonly missingCredential: string | null
  readonly conduct: ConductRecord
  /**
   * The header that tells the API that repeats are one call; a fresh key goes into it where `headers`
   * do not have it. Null where none is declared.
   */
  readonly idempotencyKey: string | null
}

/** What one call is about: the id asked for, the object that is written, the filter of a load. */
export type OperationInput = {
  readonly id: string | null
  readonly object: FlowObject | null
  /** JSON body of the object; null when the call carries none. */
  readonly body: JsonValue | null
  readonly filter: ListFilter | null
  /** The page that is asked for; null where the operation is not paged. */
  readonly page: PageRequest | null
  /** The `ETag` of the version that an update is about; null where none is known. */
  readonly ifMatch: string | null
  readonly user: UserFields
}
