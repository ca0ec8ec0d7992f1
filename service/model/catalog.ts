import type { Pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { ParameterLocation, PagingRecord } from './endpoint-record.ts'
import type { MappingOrigin, MappingVerb } from './mapping-record.ts'

/**
 * What an API is, for people and for catalog servers (docs/catalog.md#what-a-catalog-has). Frozen, plain JSON.
 * Names are those of the document, whatever a server would take.
 */
export type Catalog = {
  readonly service: CatalogService
  /** Those of root tags in their order, `default`, then those of other tags in alphabetical order. */
  readonly collections: readonly CatalogCollection[]
  /** By collection, in the document's order. An operation with several tags stands in each of their collections. */
  readonly endpoints: readonly CatalogEndpoint[]
  /** What the document declares, and what of it could not be read or was left out. */
  readonly counts: CatalogCounts
  readonly diagnostics: readonly Diagnostic[]
}

export type CatalogService = {
  /** As configured; else the title of the document. */
  readonly name: string
  readonly title: string
  readonly description: string | null
  /** `info.version`; null for none. */
  readonly version: string | null
  /** URL of the document after redirects, or the `file:` URL of a local one. */
  readonly documentUrl: string
  /** The page of documentation that links lead to; null for none. */
  readonly docUrl: string | null
  /** URL templates of the servers of the document. */
  readonly servers: readonly string[]
}

export type CatalogCounts = {
  readonly collections: number
  /** Entries of `endpoints`. */
  readonly endpoints: number
  /** Operations, each once. */
  readonly operations: number
  /** Fields of all request and response schemas, with their children. */
  readonly fields: number
  /** Fields that were left out because a catalog has enough, without those inside them; their parents are marked. */
  readonly fieldsLeft: number
  /** Operations and entries that were left out, so that the catalog does not show all collections and endpoints. */
  readonly endpointsLeft: number
}

/** Operations with one tag. */
export type CatalogCollection = {
  /** The tag, or `default`. */
  readonly name: string
  readonly displayName: string
  readonly description: string | null
  /** Page of its documentation, else the URL of the document. */
  readonly url: string
}

/** One operation in one collection. */
export type CatalogEndpoint = {
  /** Name of the collection. */
  readonly collection: string
  /** The path and the method in lower case: `/pets/{id}/get`. Unique in its collection. */
  readonly name: string
  /** The path. */
  readonly displayName: string
  /** Page of its documentation, else the URL of the document. */
  readonly url: string
  /** Upper case; also others than those of HTTP (OpenAPI 3.2). */
  readonly method: string
  readonly path: string
  readonly operationId: string | null
  readonly summary: string | null
  /** The description, else the summary. */
  readonly description: string | null
  readonly deprecated: boolean
  /** Names of all of its tags. */
  readonly tags: readonly string[]
  /** The operation in the document. */
  readonly pointer: Pointer
  /** What the caller gives besides a body. */
  readonly parameters: readonly CatalogParameter[]
  /** The body; without one the path and query parameters. Null for neither. */
  readonly request: CatalogRequest | null
  /** The answer with status 200, else 201 to 204, else another success, else `default`. Null where none is declared. */
  readonly response: CatalogResponse | null
  /** Alternatives, each a list of schemes that are needed together. Empty: none is needed. */
  readonly auth: readonly (readonly CatalogScheme[])[]
  /** How the list is paged; null for anything else, or where the document does not show it. */
  readonly pagination: CatalogPagination | null
  /** The mappings of flow types that call it. */
  readonly flow: readonly CatalogMapping[]
}

export type CatalogParameter = CatalogField & {
  readonly in: ParameterLocation
  /** Sent where the caller gives nothing. */
  readonly default?: JsonValue
  readonly example?: JsonValue
}

/** The fields of a body or an answer. Of a list they are those of its items. */
export type CatalogSchema = {
  /** Null where it is not declared, and for parameters. */
  readonly mediaType: string | null
  /** Name of the schema in `components`; null for one that has none. Of a list it is that of its items. */
  readonly schema: string | null
  readonly isList: boolean
  /** The member whose fields they are: `data` of an answer that is declared in place, with a reference there. */
  readonly within?: string
  readonly fields: readonly CatalogField[]
  /** It has fields, and the catalog has enough of others. */
  readonly cut?: 'size'
  /** The first declared example; left out for none, and for a long one. */
  readonly example?: JsonValue
}

export type CatalogRequest = CatalogSchema & { readonly from: 'body' | 'parameters' }

export type CatalogResponse = CatalogSchema & {
  /** As declared: `200`, `2XX`, `default`. */
  readonly status: string
}

/** The kinds of fields that OpenMetadata knows. */
export const CATALOG_DATA_TYPES = [
  'RECORD',
  'NULL',
  'BOOLEAN',
  'INT',
  'LONG',
  'BYTES',
  'FLOAT',
  'DOUBLE',
  'TIMESTAMP',
  'TIMESTAMPZ',
  'TIME',
  'DATE',
  'STRING',
  'ARRAY',
  'MAP',
  'ENUM',
  'UNION',
  'FIXED',
  'ERROR',
  'UNKNOWN'
] as const

export type CatalogDataType = (typeof CATALOG_DATA_TYPES)[number]

/**
 * A member of an object. The only child of an array of scalars is `item`, the one of a map `value`. Those of a union
 * are its alternatives. Members that do not apply are left out.
 */
export type CatalogField = {
  /** Of any length. */
  readonly name: string
  readonly dataType: CatalogDataType
  /** For people: `STRING(date-time)`, `ARRAY<Pet>`; `OBJECT` where the document gives no type. */
  readonly dataTypeDisplay: string
  readonly description?: string
  readonly required?: true
  readonly nullable?: true
  readonly readOnly?: true
  readonly writeOnly?: true
  readonly deprecated?: true
  /** The values of an `enum` or `const`, as texts. */
  readonly allowed?: readonly string[]
  readonly children?: readonly CatalogField[]
  /** Why it has no children: the schema is around it, or the catalog has enough fields. */
  readonly cut?: 'cycle' | 'size'
}

export type CatalogScheme = {
  /** Name of the security scheme. */
  readonly scheme: string
  /** `apiKey`, `basic`, `bearer`, `oauth2`, `openIdConnect`, `mutualTLS`; of others as in the document. */
  readonly type: string
  /** Where an API key goes, and the name of its parameter. */
  readonly in?: 'query' | 'header' | 'cookie'
  readonly parameter?: string
  /** Those that this operation needs. */
  readonly scopes: readonly string[]
}

export type CatalogPagination = {
  readonly type: Exclude<PagingRecord['type'], 'none'>
  /** Parameters for the size of a page and for its position; null for none. */
  readonly sizeParameter: string | null
  readonly positionParameter: string | null
  /** Most objects in a page; null where unknown. */
  readonly pageSize: number | null
  /** Where an answer has the next cursor, link or page number; null for none. */
  readonly nextField: string | null
  readonly totalField: string | null
  readonly origin: PagingRecord['origin']
}

/** How a flow type uses an endpoint. */
export type CatalogMapping = {
  readonly type: string
  readonly verb: MappingVerb
  readonly origin: MappingOrigin['from']
}

/** What a catalog is made with. */
export type CatalogOptions = {
  /** Name of the service. Default: the title of the document. */
  readonly serviceName?: string
  /** Page of documentation to link to. Default: links lead to the document. */
  readonly docUrl?: string
  /** Where the document is, if that is not its URL: the `file:` URL of a local one. */
  readonly documentUrl?: string
}
