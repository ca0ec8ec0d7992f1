import type { FlowObject } from '../objects/types.ts'
import type { ListFilter, UserFields } from '../plan/types.ts'
import type { ContentType, Diagnostic, TypeRecord } from '../model/types.ts'

/** Configuration values by name in lower case; blank ones are absent. */
export type ConfigurationValues = { readonly [lowerCaseName: string]: string }

/** Who calls, as far as one flow request says it. */
export type Caller = {
  /** Design 1: the tenant's name, `-` when unknown, with the hash of the door's path token. */
  readonly tenant: string
  /** The running flow; null where the platform does not say it. */
  readonly stateId: string | null
  readonly configuration: ConfigurationValues
  /** Fields of the calling user; empty for nobody. */
  readonly user: UserFields
  /** Milliseconds that the request waited for its turn; its time runs since then. */
  readonly waitedMs: number
  /** Ends the work when the platform hangs up. */
  readonly signal: AbortSignal
}

export type LoadRequest = { readonly type: string; readonly filter: ListFilter }
export type LoadResult = {
  readonly objects: readonly FlowObject[]
  readonly hasMoreResults: boolean
  /** With it the next window goes on without reading from the start; absent where the offset does. */
  readonly offsetToken?: string
}

/** Objects of one type to save or delete. */
export type WriteRequest = { readonly type: string; readonly objects: readonly FlowObject[] }

/** A configuration value that the connector describes (x-flow 14). */
export type ConfigurationValueDescription = {
  readonly name: string
  readonly content: ContentType
  readonly required: boolean
  readonly default: string | null
}

/** What the connector offers: its configuration values and, with a usable document, its types. */
export type ConnectorDescription = {
  readonly configurationValues: readonly ConfigurationValueDescription[]
  /** In the order of the answer. Blank without a Schema URL. */
  readonly types: readonly TypeRecord[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The use cases that routes and commands call. Failures are ConnectorErrors. */
export type Operations = {
  describe(caller: Caller): Promise<ConnectorDescription>
  load(caller: Caller, request: LoadRequest): Promise<LoadResult>
  save(caller: Caller, request: WriteRequest): Promise<readonly FlowObject[]>
  remove(caller: Caller, request: WriteRequest): Promise<void>
}
