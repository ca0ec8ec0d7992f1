import type { Owner } from '../base/owner.ts'
import type { Changes } from '../diff/change-list.ts'
import type { KeptText } from '../documents/kept-texts.ts'
import type { ConnectorError } from '../errors.ts'
import type { ShownCall, Watch, WatchedPage } from '../exchange/watch.ts'
import type { LoginCredentials } from '../identity/log-in.ts'
import type { UserProfile, UserDetails } from '../identity/types.ts'
import type { CatalogOptions } from '../model/catalog.ts'
import type { OperationPatterns } from '../model/compile-options.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { PackedJson } from '../model/packed-model.ts'
import type {
  ContentType,
  PropertyRecord,
  ScalarKind,
  TypeRecord,
  ValueForm
} from '../model/type-record.ts'
import type { FlowObject } from '../objects/types.ts'
import type { ExplainedPart } from '../plan/filter/explain-filter.ts'
import type { ApiAccess, ListFilter, UserFields } from '../plan/types.ts'
import type { FlowDeadline } from './flow-deadline.ts'

/** Configuration values by lower-case name. Blank ones are absent. */
export type ConfigurationValues = { readonly [lowerCaseName: string]: string }

/** Who sends a flow request. */
export type Caller = {
  readonly owner: Owner
  /** The running flow; null if the platform does not name it. */
  readonly stateId: string | null
  readonly configuration: ConfigurationValues
  /** Values of variables that `Variables` does not set: those of the terminal. Default: none. */
  readonly variables?: ApiAccess['variables']
  /** Fields of the calling user; empty for an anonymous caller. */
  readonly user: UserFields
  /** The `token` of a login, as the platform sends it back; null for an anonymous caller. */
  readonly token: string | null
  readonly deadline: FlowDeadline
  /** Told of what the request does. Default: nobody. */
  readonly watch?: Watch
}

export type LoadRequest = { readonly type: string; readonly filter: ListFilter }
export type LoadResult = {
  readonly objects: readonly FlowObject[]
  readonly hasMoreResults: boolean
  /** Lets the next window continue here instead of at the start; absent where the offset is enough. */
  readonly offsetToken?: string
}

/** Objects of one type to save or delete. */
export type WriteRequest = { readonly type: string; readonly objects: readonly FlowObject[] }

/** A use of a type as a flow makes it. */
export type TryRequest =
  | { readonly verb: 'load' | 'query'; readonly load: LoadRequest }
  | { readonly verb: 'save' | 'update' | 'delete'; readonly write: WriteRequest }

/** What a use of a type gave, and how it came about. No secret is in it. */
export type Trial = {
  readonly result: LoadResult
  /** Why it failed; null if it did not. */
  readonly error: ConnectorError | null
  readonly calls: readonly ShownCall[]
  /** Further calls, which are not shown. */
  readonly callsLeftOut: number
  /** What becomes of the filter of a query; empty for other verbs. */
  readonly conditions: readonly ExplainedPart[]
  /** How the list of a query is paged; null for other verbs, and for an example. */
  readonly paging: string | null
  readonly pages: readonly WatchedPage[]
  readonly timings: readonly Timing[]
  /** What is masked in it, and has to be in what is shown beside it. */
  readonly secrets: readonly string[]
}

/** What a part of the time was spent on. */
export type TimedPart = 'document' | 'plan' | 'wait' | 'send' | 'read' | 'decode'

/** A part of the time that a request took (ms). */
export type Timing = {
  readonly part: TimedPart
  /** The index of the call; null for none. */
  readonly call: number | null
  /** Since the start of the request. */
  readonly start: number
  readonly duration: number
}

/** A configuration value as the connector describes it (docs/x-flow.md#configuration-values). */
export type ConfigurationValueDescription = {
  readonly name: string
  readonly content: ContentType
  readonly required: boolean
  readonly default: string | null
}

/** What the connector offers: its configuration values and, with a usable document, its types. */
export type ConnectorDescription = {
  readonly configurationValues: readonly ConfigurationValueDescription[]
  /**
   * The types as the platform describes them: a JSON array in UTF-8, empty without a Schema URL. Types that are
   * complete for this caller only come as they are.
   */
  readonly types: Uint8Array | PackedJson | readonly TypeRecord[]
  readonly diagnostics: readonly Diagnostic[]
  /** Whether users can log in; true while no document is known. */
  readonly providesIdentity: boolean
}

/** Which endpoint a mapping calls, and how it came about. */
export type MappingSummary = Pick<MappingRecord, 'key' | 'type' | 'verb' | 'origin'> &
  Pick<EndpointRecord, 'method' | 'path'>

/** What would be installed, with the mappings behind it. */
export type ConnectorPreview = ConnectorDescription & {
  readonly mappings: readonly MappingSummary[]
}

/** A type as its author wants to know it. */
export type TypeDetails = Pick<TypeRecord, 'name' | 'form'> & {
  /** Dotted paths of the id in a JSON value: the parts of a composite key, or places of which the first with a value counts. */
  readonly id: { readonly all: boolean; readonly paths: readonly string[] }
  readonly properties: readonly (Pick<
    PropertyRecord,
    'name' | 'content' | 'key' | 'custom' | 'readOnly' | 'writeOnly' | 'nullable'
  > & {
    readonly kind: ScalarKind | Exclude<ValueForm['form'], 'scalar'>
    /** The type of an object, or of the items of a list. */
    readonly type: string | null
    readonly required: boolean
  })[]
  readonly mappings: readonly (Pick<MappingRecord, 'key' | 'verb' | 'origin' | 'batchSize'> &
    Pick<EndpointRecord, 'method' | 'path'> & {
      /** What fills them, in words; those that nothing fills are left out. */
      readonly parameters: readonly {
        readonly in: string
        readonly name: string
        readonly required: boolean
        readonly sources: readonly string[]
      }[]
      /** Dotted path of the objects in an answer; null where it is not known. */
      readonly records: string | null
      /** In words; null where nothing is read. */
      readonly paging: string | null
      /** The document answers in place of the API. */
      readonly isExample: boolean
    })[]
}

/** The outcome of a login (docs/protocol.md#authentication). */
export type AuthenticationResult =
  | { readonly status: 'ACCESS_DENIED'; readonly reason: string }
  | {
      readonly status: 'AUTHENTICATED'
      readonly profile: UserProfile
      readonly directory: Directory
      readonly tenant: string
      /** Host at which the user logged in. */
      readonly identityProvider: string
      readonly token: string
    }

/** The directory that the users of a login belong to. */
export type Directory = { readonly id: string; readonly name: string }

/** Who may run a flow or a step of it (docs/protocol.md#authorization). */
export type AccessRule = {
  readonly allowed: 'PUBLIC' | 'ALL_USERS' | 'SPECIFIED'
  readonly users: readonly {
    readonly id: string
    /** Attribute of the user to compare with `id`; blank for the user id. */
    readonly attribute: string
  }[]
  readonly groups: readonly string[]
}

/** Whether a rule admits the caller, and how they log in if not. */
export type AuthorizationResult = {
  readonly isAllowed: boolean
  readonly directory: Directory
  /** The user of the login, with the names that the platform sent; null for an anonymous caller. */
  readonly user: (UserDetails & { readonly userId: string; readonly names: UserFields }) | null
  readonly authenticationType: 'USERNAME_PASSWORD' | 'OAUTH2'
  /** Blank if logging in would not help, or needs no URL. */
  readonly loginUrl: string
}

/** A look-up in the directory (docs/protocol.md#directory-look-ups). */
export type DirectoryRequest = {
  /** The text that the builder typed; null for none. */
  readonly search: string | null
  /** 0 for no limit. */
  readonly limit: number
  readonly offset: number
  /** Ids of the requested entries; empty for a search. */
  readonly ids: readonly string[]
}

export type DirectoryEntry = { readonly id: string; readonly label: string }
export type DirectoryPage = {
  readonly entries: readonly DirectoryEntry[]
  readonly hasMoreResults: boolean
}

/** The configurations of the version that flows have installed, and of the one that shall replace it. */
export type VersionsRequest = {
  readonly old: ConfigurationValues
  readonly new: ConfigurationValues
}

/** The use cases, as routes and commands call them. Failures are ConnectorErrors. */
export type Operations = {
  describe(caller: Caller): Promise<ConnectorDescription>
  /** Answers a `Catalog` as JSON. */
  catalog(caller: Caller, options: CatalogOptions): Promise<PackedJson>
  /** Answers an `OverlayProposal` as JSON. */
  proposeOverlay(caller: Caller, asked: OperationPatterns): Promise<PackedJson>
  preview(caller: Caller): Promise<ConnectorPreview>
  describeType(caller: Caller, name: string): Promise<TypeDetails>
  /** Answers a `DocumentTexts` as JSON. */
  readTexts(caller: Caller): Promise<PackedJson>
  load(caller: Caller, request: LoadRequest): Promise<LoadResult>
  save(caller: Caller, request: WriteRequest): Promise<readonly FlowObject[]>
  remove(caller: Caller, request: WriteRequest): Promise<void>
  try(caller: Caller, request: TryRequest): Promise<Trial>
  authenticate(caller: Caller, credentials: LoginCredentials | null): Promise<AuthenticationResult>
  authorize(caller: Caller, rule: AccessRule): Promise<AuthorizationResult>
  compare(caller: Caller, versions: VersionsRequest): Promise<Changes>
  keep(caller: Caller, text: Uint8Array): Promise<KeptText>
}
