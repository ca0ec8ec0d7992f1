import type { CredentialName } from './credential-name.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { EndpointRecord, ServerRecord } from './endpoint-record.ts'
import type { ExampleRecord, ExampleTable } from './example-record.ts'
import type { LoginRecord } from './login-record.ts'
import type { MappingRecord } from './mapping-record.ts'
import type { TypeRecord } from './type-record.ts'

/** The distinct URLs that a document has for calls and logins. */
export type DocumentOrigins = {
  readonly documentUrl: string
  readonly servers: readonly ServerRecord[]
  /** Those of logins and tokens that have a host. */
  readonly identityUrls: readonly string[]
}

/** The part of a model that every request reads. */
export type ModelIndex = {
  readonly title: string
  /** URL of the document after redirects: the base of a relative server. */
  readonly documentUrl: string
  /** Names of all types, in the order of the describe answer. */
  readonly types: readonly string[]
  /** The ways in which flow users can log in, in the document's order. */
  readonly logins: readonly LoginRecord[]
  /** Where a credential may be sent. */
  readonly origins: DocumentOrigins
  /** What the calls of the mappings can carry. */
  readonly credentials: {
    /** The configuration values that security schemes of theirs take; all if there are no calls. */
    readonly taken: readonly CredentialName[]
    /** Whether one of them carries a configured credential without a security scheme. */
    readonly sendsByName: boolean
  }
  /** Some types take their fields from the first page of their lists. */
  readonly needsFirstPages?: true
  readonly diagnostics: readonly Diagnostic[]
}

/** A compiled document: an index, and records. Frozen, plain JSON. */
export type ConnectorModel = {
  readonly index: ModelIndex
  readonly types: { readonly [name: string]: TypeRecord }
  /** Those that a mapping uses, by `METHOD path`. */
  readonly endpoints: { readonly [key: string]: EndpointRecord }
  /** By `mappingKey`. */
  readonly mappings: { readonly [key: string]: MappingRecord }
  /** By the key of the endpoint that declares them, and of the mapping that adds to these. */
  readonly examples: { readonly [key: string]: ExampleRecord }
  /** Those of the types that have a mapping with an example, by type name. */
  readonly tables: { readonly [type: string]: ExampleTable }
}

/** Records by name; a name always yields the same object. */
export type Records<T> = Pick<ReadonlyMap<string, T>, 'get' | 'keys'>

/** A model in use, whose records are read one by one, on demand. */
export type OpenModel = {
  readonly index: Omit<ModelIndex, 'diagnostics'>
  readonly types: Records<TypeRecord>
  readonly endpoints: Records<EndpointRecord>
  readonly mappings: Records<MappingRecord>
  readonly examples: Records<ExampleRecord>
  readonly tables: Records<ExampleTable>
  diagnostics(): readonly Diagnostic[]
}
