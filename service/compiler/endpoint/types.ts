import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonObject } from '../../base/json.ts'
import type { BodyRecord } from '../../model/body-record.ts'
import type {
  EndpointRecord,
  ParameterRecord,
  SecuritySchemeRecord
} from '../../model/endpoint-record.ts'
import type { ExampleRecord } from '../../model/example-record.ts'
import type { Compilation } from '../compilation.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import type { LocatedSchema } from '../schema/schema-view.ts'

/** An object of the document. */
export type LocatedObject = { readonly value: JsonObject | undefined; readonly at: Pointer }

/** The operation that a mapping names, as far as the document declares it. */
export type DeclaredOperation = {
  /** Upper case. */
  readonly method: string
  readonly path: string
  /** The Path Item Objects, the path's own before those that it refers to. */
  readonly items: readonly LocatedObject[]
  /** Undefined when the document does not declare it. */
  readonly operation: JsonObject | undefined
  readonly at: Pointer
}

/** One declared response of an operation, with the JSON media type that is read. */
export type DeclaredAnswer = {
  readonly status: string
  /** Media Type Objects by media type. */
  readonly content: JsonObject
  /** The key of the one that is read; undefined for a response without JSON. */
  readonly mediaType: string | undefined
  /** The Media Type Object; undefined for a response without JSON. */
  readonly media: JsonObject | undefined
  readonly mediaAt: Pointer
  readonly schema: LocatedSchema | undefined
  /** Declared as plain text, and not as JSON. */
  readonly isText: boolean
  /** Names of the declared response headers. */
  readonly headers: readonly string[]
  /** The Header Object of `Location`. */
  readonly location: LocatedObject | undefined
}

/** The body that an operation takes, and what of its declaration the mappings need. */
export type CompiledBody = {
  readonly record: BodyRecord | null
  readonly schema: LocatedSchema | undefined
  /** The declared media types, where none of them can be written; else null. */
  readonly unsupported: string | null
}

/** A Security Scheme Object of the document. */
export type DeclaredScheme = {
  readonly name: string
  readonly value: JsonObject
  readonly at: Pointer
}

/** The document's security schemes by name. */
export type SecuritySchemes = ReadonlyMap<string, SecuritySchemeRecord>

/** A compiled endpoint, and the parts of its declaration that its mappings need. */
export type CompiledEndpoint = {
  readonly record: EndpointRecord
  readonly example: ExampleRecord
  readonly target: DeclaredOperation
  /** The declared parameters by their names in lower case. */
  readonly declared: ReadonlyMap<string, readonly ParameterRecord[]>
  /** Their Parameter Objects by location and name: `query limit`. */
  readonly given: ReadonlyMap<string, LocatedObject>
  readonly answers: readonly DeclaredAnswer[]
  readonly primary: DeclaredAnswer | undefined
  readonly body: CompiledBody
  /** Objects that may have conduct keys: the operation, its path item, the root. */
  readonly holders: readonly LocatedObject[]
  /** The object whose `x-flow-retry` applies. */
  readonly retryAt: Pointer
}

/** What all mappings of a document share. */
export type MappingScope = {
  readonly compilation: Compilation
  readonly types: ReadonlyMap<string, TypeDraft>
  readonly securitySchemes: SecuritySchemes
  /** The endpoints that were compiled so far, by their keys. */
  readonly endpoints: Map<string, CompiledEndpoint>
}

/** One mapping of one type, and the endpoint that it uses. */
export type MappingContext = MappingScope & {
  readonly draft: TypeDraft
  readonly mapping: DeclaredMapping
  readonly endpoint: CompiledEndpoint
}
