import type { Pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import type { BodyRecord } from './body-record.ts'
import type { OAuthClientRecord } from './oauth-client-record.ts'
import type { Template } from './template.ts'
import type { ScalarKind } from './type-record.ts'

export type ParameterLocation = 'path' | 'query' | 'header' | 'cookie'

/** One parameter of an endpoint, as the document declares it. */
export type ParameterRecord = {
  readonly name: string
  readonly in: ParameterLocation
  /** OpenAPI `style`; that of its location where none is declared. */
  readonly style:
    | 'simple'
    | 'label'
    | 'matrix'
    | 'form'
    | 'spaceDelimited'
    | 'pipeDelimited'
    | 'deepObject'
  readonly explode: boolean
  readonly allowReserved: boolean
  /** Declared with `content`: the value is sent as JSON text. */
  readonly json: boolean
  readonly required: boolean
  /** How text from a flow becomes the parameter's value. */
  readonly kind: ScalarKind
  /** Allowed values, as texts. */
  readonly allowed: readonly string[] | null
  /** The schema's `maximum`, for sizes of pages. */
  readonly maximum: number | null
  /** The schema's `default`, sent where nothing fills the parameter. */
  readonly default?: JsonValue
}

/** A parameter of which only name and location are known: text in the default style. */
export function plainParameter(name: string, location: ParameterLocation): ParameterRecord {
  return {
    name,
    in: location,
    style: location === 'path' || location === 'header' ? 'simple' : 'form',
    explode: location === 'query' || location === 'cookie',
    allowReserved: false,
    json: false,
    required: location === 'path',
    kind: 'text',
    allowed: null,
    maximum: null
  }
}

export type SecuritySchemeRecord =
  | {
      readonly name: string
      readonly kind: 'apiKey'
      readonly in: 'query' | 'header' | 'cookie'
      readonly parameter: string
    }
  | { readonly name: string; readonly kind: 'basic' | 'bearer' | 'openIdConnect' }
  | {
      readonly name: string
      readonly kind: 'oauth2'
      /** How the connector gets its own token; null where the flow is not declared. */
      readonly clientCredentials: ClientCredentialsRecord | null
    }
  /** Met by the client certificate of the service, and by nothing in the request. */
  | { readonly name: string; readonly kind: 'mutualTLS' }
  /** A manifest has the credential itself. */
  | {
      readonly name: string
      readonly kind: 'given'
      readonly in: 'query' | 'header'
      readonly parameter: string
      readonly secret: Template
      /** How the secret is written; basic takes `user:password`. */
      readonly form: 'plain' | 'bearer' | 'basic'
    }
  /** An unsupported scheme; `type` as in the document. */
  | { readonly name: string; readonly kind: 'other'; readonly type: string }

/** The `clientCredentials` flow of a scheme (RFC 6749 4.4). */
export type ClientCredentialsRecord = {
  readonly tokenUrl: string
  readonly scope: string
  readonly client: OAuthClientRecord
}

export type ServerRecord = {
  /** URL template without query; may be relative. */
  readonly url: string
  /** Template of a query that every call carries. */
  readonly query?: string
  /** The document gives no scheme, so that its host may be meant as a path. It is not approved by the document. */
  readonly hostIsGuessed?: true
  /** The base URL of a manifest's endpoint, in place of `url`, which is for people then. */
  readonly template?: Template
  readonly variables: {
    readonly [name: string]: {
      readonly default: string
      readonly allowed: readonly string[] | null
    }
  }
}

/** How a list is paged. */
export type PagingRecord = {
  /** `none`: exactly one request, unless `origin` is `answer` and the first answer shows a next page. */
  readonly type: 'offset' | 'page' | 'cursor' | 'next_link' | 'link_header' | 'none'
  /** Most objects in one page, an allowed size; null where unknown. */
  readonly pageSize: number | null
  /** Objects in a page without a requested size: the parameter's default. */
  readonly usualSize: number | null
  /** Which sizes can be requested, besides at most `pageSize`; null for any. */
  readonly sizes: PageSizes | null
  /** Parameter for the size of a page; `body.` before a dotted path of the body. */
  readonly pageSizeParam: string | null
  /** Parameter for the offset, the page number, or the cursor; for a next link that is none. */
  readonly positionParam: string | null
  /** Number of the first page. */
  readonly firstPage: number
  /** Nothing in the document says the number of the first page. */
  readonly firstPageIsGuessed: boolean
  /** Offset of the first object: 0, or 1. */
  readonly firstOffset: number
  /**
   * Where an answer has the next cursor or link, or the number of the next page: a dotted path of the body,
   * or `header:<name>`.
   */
  readonly nextField: string | null
  /** The number of objects in the list. */
  readonly totalField: string | null
  /** The number of pages in the list. */
  readonly pagesField: string | null
  /** A flag that is true while there is more. */
  readonly hasMoreField: string | null
  /** A flag that is true on the last page. */
  readonly lastField: string | null
  /** The size of a page, as an answer states it. */
  readonly sizeField: string | null
  /** The offset or number of a page, as an answer states it. */
  readonly positionField: string | null
  /** Most requests of one load; null where the document does not say it. */
  readonly maxPages: number | null
  readonly pauseMs: number
  /** `declared` by a key, `mapped` from parameters, `inferred` from names, or left to the first `answer`. */
  readonly origin: 'declared' | 'mapped' | 'inferred' | 'answer'
}

/** Sizes of pages that an API takes. */
export type PageSizes = {
  readonly minimum: number
  /** A size is a multiple of it. */
  readonly step: number
  /** The only sizes, in ascending order; null for any. */
  readonly allowed: readonly number[] | null
}

/** A list of unknown paging. */
export const NO_PAGING: PagingRecord = {
  type: 'none',
  pageSize: null,
  usualSize: null,
  sizes: null,
  pageSizeParam: null,
  positionParam: null,
  firstPage: 1,
  firstPageIsGuessed: true,
  firstOffset: 0,
  nextField: null,
  totalField: null,
  pagesField: null,
  hasMoreField: null,
  lastField: null,
  sizeField: null,
  positionField: null,
  maxPages: null,
  pauseMs: 0,
  origin: 'answer'
}

/** The `Accept` header of an operation that declares no media type of its answer. Anything is better than a 406. */
export const USUAL_ACCEPT = 'application/json, */*;q=0.1'

/** How a 2xx answer of an endpoint says that the call was refused (docs/x-flow.md#refusals-in-a-2xx). */
export type FailureRecord = {
  /** Dotted path of the member that says it, and its values that do. */
  readonly flag: string
  readonly failed: readonly JsonValue[]
  /** Dotted path of the API's words; null where they are found as in any error. */
  readonly message: string | null
}

/** How an endpoint wants to be called. */
export type ConductRecord = {
  readonly retry: {
    /** Statuses that are retried; null: the default ones. */
    readonly on: readonly number[] | null
    /** `on` is declared on the operation itself, so that a write may be retried. */
    readonly onIsOwn: boolean
    /** Most retries of one call. */
    readonly max: number
    /** Statuses that mean an empty load, or a successful delete; saves ignore none. */
    readonly ignore: readonly number[]
  }
  readonly rateLimit: RateLimitRecord | null
}

/** The default conduct. */
export const USUAL_CONDUCT: ConductRecord = {
  retry: { on: null, onIsOwn: false, max: 2, ignore: [] },
  rateLimit: null
}

/** How often an endpoint may be called. Operations under one declaration count together. */
export type RateLimitRecord = {
  readonly pointer: Pointer
  readonly requestsPerSecond: number | null
  readonly quotas: readonly { readonly calls: number; readonly seconds: number }[]
  /** Header with the number of remaining calls, in lower case. */
  readonly remainingHeader: string | null
  /** Header with the time of the reset, in lower case. */
  readonly resetHeader: string | null
}

/** An operation, independent of types and mappings. */
export type EndpointRecord = {
  /** `METHOD path`. */
  readonly key: string
  /** Blank for an operation that the document does not declare. */
  readonly pointer: Pointer
  /** Upper case. */
  readonly method: string
  /** Path template. */
  readonly path: string
  readonly server: ServerRecord
  /** Alternatives, each a list of required schemes; an empty list requires none. */
  readonly security: readonly (readonly SecuritySchemeRecord[])[]
  /**
   * Neither the document nor the operation says anything about security, so that a configured credential is
   * sent as its name says.
   */
  readonly sendsByName: boolean
  /** Names of all apiKey schemes of the document: a line of `API Key` may be for any. */
  readonly apiKeySchemes: readonly string[]
  /** Those that are declared, then those that only the path template names. */
  readonly parameters: readonly ParameterRecord[]
  readonly body: BodyRecord | null
  /** The `Accept` header where no parameter sets it. */
  readonly accept: string
  /** The expected response is declared as JSON. */
  readonly answersJson: boolean
  readonly conduct: ConductRecord
  /** As `x-flow-failure` declares it; `guessed` from usual members without it, `never` with `false`. */
  readonly failure: FailureRecord | 'guessed' | 'never'
}
