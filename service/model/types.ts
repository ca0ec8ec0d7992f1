import type { Pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'

/** Changes whenever the shape of a model changes, so that no stored model of another shape is read. */
export const MODEL_VERSION = 3

/** The platform's content types that the connector describes (protocol 5.3). */
export type ContentType =
  | 'ContentString'
  | 'ContentPassword'
  | 'ContentContent'
  | 'ContentNumber'
  | 'ContentBoolean'
  | 'ContentDateTime'
  | 'ContentObject'
  | 'ContentList'

/** How one JSON value stands for the text of a scalar property. `json` is any value as JSON text. */
export type ScalarKind = 'text' | 'number' | 'integer' | 'boolean' | 'date' | 'date-time' | 'json'

/**
 * What stands in JSON where a property stands in a flow object (x-flow 3.1).
 *
 * - `scalar`: one value, read and written after its kind.
 * - `object`: a JSON object under a type.
 * - `list`: a JSON array; each item is an object under a type, whose form says how the item is read.
 * - `map`: a JSON object whose members become a list of entries under a type of form `entry`.
 */
export type ValueForm =
  | { readonly form: 'scalar'; readonly kind: ScalarKind }
  | { readonly form: 'object' | 'list' | 'map'; readonly type: string }

export type PropertyRecord = {
  /** The platform's developer name, unique in its type without regard to case. */
  readonly name: string
  readonly content: ContentType
  /**
   * The JSON member that holds the value. Null where the value does not stand in a member: the JSON
   * value itself is meant (a choice of a list's items, `Value` of a scalar), or, with `custom`,
   * nothing at all.
   */
  readonly key: string | null
  readonly value: ValueForm
  /** From `customProperties`: in the flow type and a source of parameters, never in JSON. */
  readonly custom: boolean
  /** Left out of writes. */
  readonly readOnly: boolean
  /** Left out of reads. */
  readonly writeOnly: boolean
  /** The schema allows null: a blank property is sent as null on update. */
  readonly nullable: boolean
  /** The schema allows empty text: a blank property that is not nullable is sent as "" on update. */
  readonly emptyAllowed: boolean
}

/**
 * The alternatives of a `oneOf` or `anyOf` of objects, one property each (x-flow 3.1).
 * On a read one is filled: that which the discriminator names, else that which shares most names.
 */
export type ChoiceRecord = {
  /** The JSON member that holds the chosen object; null: the JSON value itself. */
  readonly key: string | null
  /** The discriminator's property name. */
  readonly discriminator: string | null
  readonly options: readonly {
    /** Name of the property that is filled. */
    readonly property: string
    /** JSON member names that the choice's schema declares. */
    readonly keys: readonly string[]
    /** Values of the discriminator that mean this choice. */
    readonly values: readonly string[]
  }[]
}

/** Where an object's external id is found (x-flow 3.2). Each path is a list of JSON member names. */
export type IdentityRecord = {
  /** The parts of a declared composite key, all of which must have a value; null when not declared. */
  readonly composite: readonly { readonly part: string; readonly path: readonly string[] }[] | null
  /** Tried in order; the first that yields a value is the id. None: an id is made from the content. */
  readonly candidates: readonly (readonly string[])[]
}

export type MappingVerb = 'load' | 'query' | 'save' | 'update' | 'delete'

export type TypeRecord = {
  readonly name: string
  readonly summary: string | null
  /**
   * What one JSON value under this type looks like: `object` a JSON object; `item` a scalar of a
   * list (properties `ID`, `Value`); `entry` a member of a map (properties `Key`, `Value`).
   */
  readonly form: 'object' | 'item' | 'entry'
  readonly properties: readonly PropertyRecord[]
  readonly choices: readonly ChoiceRecord[]
  readonly identity: IdentityRecord
  /** Key of the operation record of each mapping that the type has. */
  readonly mappings: { readonly [verb in MappingVerb]?: string }
  /** Where the schema stands in the document. */
  readonly pointer: Pointer
}

/** The fields of the calling user that a parameter can take (x-flow 5). */
export const USER_FIELDS = [
  'UserID',
  'Email',
  'FirstName',
  'LastName',
  'DirectoryId',
  'DirectoryName',
  'PrimaryGroupId',
  'PrimaryGroupName',
  'RoleId',
  'RoleName'
] as const
export type UserField = (typeof USER_FIELDS)[number]

/** The criteria of the platform's list filter (protocol 7.3). */
export const CRITERIA = [
  'EQUAL',
  'NOT_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
  'CONTAINS',
  'STARTS_WITH',
  'ENDS_WITH',
  'IS_EMPTY'
] as const
export type Criterion = (typeof CRITERIA)[number]

/** Where a parameter's value comes from (x-flow 5). */
export type Source =
  | { readonly from: 'user'; readonly field: UserField }
  /** The id asked for, or the object's external id; `part` is one part of a composite key. */
  | { readonly from: 'id'; readonly part: string | null }
  | { readonly from: 'limit' | 'offset' | 'search' | 'orderBy' | 'direction' }
  /** The list filter's order written into one value; `{name}` is the column's JSON name. */
  | { readonly from: 'order'; readonly ascending: string; readonly descending: string }
  /** A property of the object that is saved or deleted, by developer names from the outside in. */
  | { readonly from: 'property'; readonly path: readonly string[] }
  /** A condition of the list filter. `any`: several OR-ed equal values go as one array. */
  | {
      readonly from: 'filter'
      readonly column: string
      readonly criterion: Criterion
      readonly any: boolean
    }
  | { readonly from: 'variable'; readonly name: string }

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

/** What an operation answers from the document, kept beside its record because it can be large. */
export type ExampleRecord = {
  /** The response that is given when the mapping names none; null when none is declared. */
  readonly status: string | null
  /** By status: the declared body, and the named ones. */
  readonly answers: {
    readonly [status: string]: {
      readonly body?: JsonValue
      readonly named: { readonly [name: string]: JsonValue }
      /** What a body can be made from where none is declared. */
      readonly sample?: SampleRecord
    }
  }
}

/** What makes an example: the same schema and seed give the same value, always. */
export type SampleRecord = {
  readonly schema: SampleSchema
  /** A whole number of 32 bits. */
  readonly seed: number
}

/** The schemas that examples are made from: closed, without references, bounded in every count. */
export type SampleSchema =
  | { readonly const: JsonValue }
  | {
      readonly type: 'object'
      /** Each of them is made. */
      readonly properties: { readonly [key: string]: SampleSchema }
    }
  | {
      readonly type: 'array'
      readonly items: SampleSchema
      readonly minItems: number
      readonly maxItems: number
    }
  | {
      readonly type: 'string'
      readonly format?: string
      readonly pattern?: string
      readonly minLength?: number
      readonly maxLength?: number
    }
  | {
      readonly type: 'integer' | 'number'
      readonly minimum: number
      readonly maximum: number
      readonly multipleOf?: number
    }
  | { readonly type: 'boolean' }

export type Severity = 'error' | 'warning' | 'info'

/** A finding about a document (x-flow 13). Line and column count from 1. */
export type Diagnostic = {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly remedy: string
  readonly pointer: Pointer
  readonly line: number | null
  readonly column: number | null
  readonly file: string
}

/** The addresses that a document names for calls and logins, each once. */
export type DocumentOrigins = {
  /** Where the document was read. */
  readonly documentUrl: string
  readonly servers: readonly ServerRecord[]
  /** Of logins and tokens, as far as they name a host. */
  readonly identityUrls: readonly string[]
}

/** What is read on every request; the records are read one by one. */
export type ModelIndex = {
  readonly version: number
  readonly title: string
  /** Where the document was read, after redirects: the base of a relative server. */
  readonly documentUrl: string
  /** Names of all types, in the order of the describe answer. */
  readonly types: readonly string[]
  /** Keys of all operation records. */
  readonly operations: readonly string[]
  /** The ways in which flow users can log in, in the document's order. */
  readonly logins: readonly LoginRecord[]
  /** Everything in the document to which a credential may be sent. */
  readonly origins: DocumentOrigins
  readonly diagnostics: readonly Diagnostic[]
}

/** A compiled document: an index, and one record per type and per operation. Frozen, plain JSON. */
export type ConnectorModel = {
  readonly index: ModelIndex
  readonly types: { readonly [name: string]: TypeRecord }
  readonly operations: { readonly [key: string]: OperationRecord }
  readonly examples: { readonly [key: string]: ExampleRecord }
}
