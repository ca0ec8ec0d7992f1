import type { LoginCredentials } from '../identity/log-in.ts'
import type { UserLogin } from '../identity/open-login.ts'
import type { UserProfile } from '../identity/types.ts'
import type { FlowObject } from '../objects/types.ts'
import type { ListFilter, UserFields } from '../plan/types.ts'
import type { ContentType } from '../model/type-record.ts'
import type { Diagnostic } from '../model/diagnostic.ts'

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
  /** What a login returned as `token`, as the platform sends it back; null for nobody. */
  readonly token: string | null
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
  /** The types as the platform describes them, as JSON text in UTF-8; an empty list without a Schema URL. */
  readonly types: Uint8Array
  readonly diagnostics: readonly Diagnostic[]
  /** Whether users can log in; true where nothing is known of the document yet (protocol 3.3). */
  readonly providesIdentity: boolean
}

/** The end of a login (protocol 9.1). */
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

/** What the users of a login belong to. */
export type Directory = { readonly id: string; readonly name: string }

/** Who may do something (protocol 9.2). */
export type AccessRule = {
  readonly allowed: 'PUBLIC' | 'ALL_USERS' | 'SPECIFIED'
  readonly users: readonly {
    readonly id: string
    /** What of the user `id` is compared with; blank for the user id. */
    readonly attribute: string
  }[]
  readonly groups: readonly string[]
}

/** Whether the caller may, and how they log in if not (protocol 9.2). */
export type AuthorizationResult = {
  readonly isAllowed: boolean
  readonly directory: Directory
  /** As the login proved it, with the names that the platform says; null for nobody. */
  readonly user: (UserLogin['user'] & { readonly names: UserFields }) | null
  readonly authenticationType: 'USERNAME_PASSWORD' | 'OAUTH2'
  /** Blank where logging in would not help, or needs no address. */
  readonly loginUrl: string
}

/** A look-up in a directory of which nothing can be listed (protocol 9.3). */
export type DirectoryRequest = {
  /** What the builder has typed; null for nothing. */
  readonly search: string | null
  /** 0 for no limit. */
  readonly limit: number
  readonly offset: number
  /** Ids whose entries are asked for; blank for a search. */
  readonly ids: readonly string[]
}

export type DirectoryEntry = { readonly id: string; readonly label: string }
export type DirectoryPage = {
  readonly entries: readonly DirectoryEntry[]
  readonly hasMoreResults: boolean
}

/** The use cases that routes and commands call. Failures are ConnectorErrors. */
export type Operations = {
  describe(caller: Caller): Promise<ConnectorDescription>
  load(caller: Caller, request: LoadRequest): Promise<LoadResult>
  save(caller: Caller, request: WriteRequest): Promise<readonly FlowObject[]>
  remove(caller: Caller, request: WriteRequest): Promise<void>
  authenticate(caller: Caller, credentials: LoginCredentials | null): Promise<AuthenticationResult>
  authorize(caller: Caller, rule: AccessRule): Promise<AuthorizationResult>
}
