import type { Pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import type { ScalarKind } from './type-record.ts'

export type ParameterLocation = 'path' | 'query' | 'header' | 'cookie'

/** One parameter of an endpoint, as the document declares it. */
export type ParameterRecord = {
  readonly name: string
  readonly in: ParameterLocation
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

/** A parameter of which only name and place are known: text, in the usual style of its place. */
export function plainParameter(name: string, place: ParameterLocation): ParameterRecord {
  return {
    name,
    in: place,
    style: place === 'path' || place === 'header' ? 'simple' : 'form',
    explode: place === 'query' || place === 'cookie',
    allowReserved: false,
    json: false,
    required: place === 'path',
    kind: 'text',
    allowed: null,
    maximum: null
  }
}

/** Which members of an object a request body takes, and how each scalar is written. */
export type BodyShape = {
  /** Null when the body is free-form: then everything is sent. */
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
  /** The body is a JSON array of objects. */
  readonly list: boolean
  /** The endpoint takes no call without a body. */
  readonly required: boolean
  /** What the body's schema takes; null: the type of the object decides. */
  readonly shape: BodyShape | null
  /** False for the JSON body that a POST, PUT or PATCH takes where the document declares none. */
  readonly isDeclared: boolean
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

/** How the pages of a list are asked for. */
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

/** A list of which nothing says how it is paged. */
export const NO_PAGING: PagingRecord = {
  type: 'none',
  pageSize: null,
  usualSize: null,
  pageSizeParam: null,
  positionParam: null,
  firstPage: 1,
  nextField: null,
  totalField: null,
  hasMoreField: null,
  maxPages: 100,
  pauseMs: 0,
  origin: 'answer'
}

/** How an endpoint wants to be called. */
export type ConductRecord = {
  readonly retry: {
    /** Statuses that are asked for again; null: the usual ones. */
    readonly on: readonly number[] | null
    /** `on` stands on the very operation: the author's word that repeating it is harmless. */
    readonly onIsOwn: boolean
    /** Repeats of one call at the most. */
    readonly max: number
    /** Statuses that are an empty answer of a load, and the success of a delete; saves do not ignore any. */
    readonly ignore: readonly number[]
  }
  readonly rateLimit: RateLimitRecord | null
}

/** The conduct of an endpoint of which the document says nothing. */
export const USUAL_CONDUCT: ConductRecord = {
  retry: { on: null, onIsOwn: false, max: 2, ignore: [] },
  rateLimit: null
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

/** A method of a path, as the document declares it. It knows no type and no mapping. */
export type EndpointRecord = {
  /** `METHOD path`. */
  readonly key: string
  /** Where the operation stands in the document; blank for one that the document does not declare. */
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
  /** Those that are declared, then those that only the path template names. */
  readonly parameters: readonly ParameterRecord[]
  readonly body: BodyRecord | null
  /** The expected response is declared as JSON. */
  readonly answersJson: boolean
  /** As it is declared, or shows in the names of parameters and members of the answer. */
  readonly paging: PagingRecord
  readonly conduct: ConductRecord
}
