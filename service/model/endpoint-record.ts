import type { Pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import type { Source } from './mapping-record.ts'
import type { ScalarKind, MappingVerb } from './type-record.ts'

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie'

/** One parameter of an operation: what fills it and how it is written. */
export type ParameterRecord = {
  readonly name: string
  readonly in: ParameterPlace
  /** OpenAPI `style`; the default of its place where the document is silent. */
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
  /** A value in a path or query is percent-encoded twice, for a server that decodes twice. */
  readonly encodeTwice: boolean
  /** Declared with `content`: the value is sent as JSON text. */
  readonly json: boolean
  readonly required: boolean
  /** Tried in order; the first that yields a value fills the parameter. */
  readonly sources: readonly Source[]
  /** Sent when no source yields a value: the mapping's `default`, else the schema's. */
  readonly fallback?: JsonValue
  /** How text from a flow becomes the parameter's value. */
  readonly kind: ScalarKind
  /** Allowed values, as texts. */
  readonly allowed: readonly string[] | null
  /** The schema's `maximum`, for sizes of pages. */
  readonly maximum: number | null
  /** Set by `headers:` of the mapping, which alone may set `Authorization` and `Cookie`. */
  readonly fromHeaders: boolean
}

/** Which members of an object a request body takes, and how each scalar is written. */
export type BodyShape = {
  /** Blank when the body is free-form: then everything is sent. */
  readonly members: {
    readonly [key: string]:
      | { readonly kind: ScalarKind; readonly nullable: boolean; readonly emptyAllowed: boolean }
      | { readonly shape: BodyShape }
      | { readonly whole: true }
  } | null
}

export type BodyRecord = {
  readonly mediaType: string
  readonly encoding: 'json' | 'form' | 'multipart'
  /** Dotted path under which the object is wrapped; blank for none. */
  readonly wrap: string
  /** The body is a JSON array of objects. */
  readonly list: boolean
  /** The operation declares that it takes no call without a body. */
  readonly required: boolean
  /** The operation's own body schema; null: the type decides. */
  readonly shape: BodyShape | null
  /** JSON members that the mapping excludes. */
  readonly exclude: readonly string[]
}

/** Where the objects stand in an answer (x-flow 4). */
export type RecordsPlace =
  | { readonly at: 'path'; readonly path: string }
  /** Not known from the document: looked for in each answer. */
  | { readonly at: 'search' }

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
      /** How the connector gets a token of its own; null where the document declares no such flow. */
      readonly clientCredentials: { readonly tokenUrl: string; readonly scope: string } | null
    }
  /** Met by the certificate with which the service connects, and by nothing in the request. */
  | { readonly name: string; readonly kind: 'mutualTLS' }
  /** A scheme that no configuration value can serve; `type` as the document says it. */
  | { readonly name: string; readonly kind: 'other'; readonly type: string }

export type ServerRecord = {
  /** The server's URL with its `{variables}`, as the document says it; may be relative. */
  readonly url: string
  readonly variables: {
    readonly [name: string]: {
      readonly default: string
      readonly allowed: readonly string[] | null
    }
  }
}

/** How the pages of a list are asked for (x-flow 7). */
export type PagingRecord = {
  /** `none`: exactly one request, unless `origin` is `answer` and the first answer shows a next page. */
  readonly type: 'offset' | 'page' | 'cursor' | 'next_link' | 'link_header' | 'none'
  /** Objects in one page at the most; null where nothing says it. */
  readonly pageSize: number | null
  /** Objects in a page when no size is asked for: the default of the parameter. */
  readonly usualSize: number | null
  /** Parameter that takes the size of a page; `body.` in front of a dotted path of the body. */
  readonly pageSizeParam: string | null
  /** Parameter that takes the offset, the page's number, or the cursor. */
  readonly positionParam: string | null
  /** Number of the first page. */
  readonly firstPage: number
  /** Where the next cursor or link stands: a dotted path of the body, or `header:<name>`. */
  readonly nextField: string | null
  readonly totalField: string | null
  readonly hasMoreField: string | null
  /** Requests of one load at the most. */
  readonly maxPages: number
  readonly pauseMs: number
  /** What decided it: a declaration, mapped parameters, names in the document; `answer`: nothing did. */
  readonly origin: 'declared' | 'mapped' | 'inferred' | 'answer'
}

/** How an endpoint wants to be called (x-flow 8). */
export type ConductRecord = {
  readonly retry: {
    /** Statuses that are asked for again; null: the usual ones. */
    readonly on: readonly number[] | null
    /** `on` stands on the very operation: the author's word that repeating it is harmless. */
    readonly onIsOwn: boolean
    /** Repeats of one call at the most. */
    readonly max: number
    /** Statuses that are an empty answer of a load, and the success of a delete. */
    readonly ignore: readonly number[]
  }
  readonly rateLimit: RateLimitRecord | null
}

/** How often an endpoint may be called. Operations under one declaration count together. */
export type RateLimitRecord = {
  /** Where it is declared. */
  readonly pointer: Pointer
  readonly requestsPerSecond: number | null
  readonly quotas: readonly { readonly calls: number; readonly seconds: number }[]
  /** Header of an answer with the calls that are left, in lower case. */
  readonly remainingHeader: string | null
  /** Header of an answer that says when they are counted anew, in lower case. */
  readonly resetHeader: string | null
}

/** One mapping of one type, with everything that calling its endpoint needs. */
export type OperationRecord = {
  /** `<verb>:<type name>`. */
  readonly key: string
  readonly verb: MappingVerb
  readonly type: string
  /** Where the mapping stands in the document. */
  readonly pointer: Pointer
  /** Upper case. */
  readonly method: string
  /** Path template. */
  readonly path: string
  readonly server: ServerRecord
  /** Alternatives, each a list of schemes that are all needed; an empty list needs none. */
  readonly security: readonly (readonly SecuritySchemeRecord[])[]
  /** Names of all apiKey schemes of the document: a line of `API Key` may be for any of them. */
  readonly apiKeySchemes: readonly string[]
  readonly parameters: readonly ParameterRecord[]
  readonly body: BodyRecord | null
  /** Objects that a save sends in one request at the most, as a JSON array; null: each alone. */
  readonly batchSize: number | null
  readonly records: RecordsPlace
  /** The answer is JSON or nothing; a write that promises no JSON may answer anything. */
  readonly answersJson: boolean
  readonly paging: PagingRecord
  readonly conduct: ConductRecord
  /** The mapping's `example`: which declared answer is given instead of a call; null: call the API. */
  readonly example: { readonly response: string | null; readonly name: string | null } | null
}
