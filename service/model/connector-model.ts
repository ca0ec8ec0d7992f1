import type { Diagnostic } from './diagnostic.ts'
import type { ServerRecord, OperationRecord } from './endpoint-record.ts'
import type { ExampleRecord } from './example-record.ts'
import type { LoginRecord } from './login-record.ts'
import type { TypeRecord } from './type-record.ts'

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
  readonly title: string
  /** Where the document was read, after redirects: the base of a relative server. */
  readonly documentUrl: string
  /** Names of all types, in the order of the describe answer. */
  readonly types: readonly string[]
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
