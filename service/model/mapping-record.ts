import type { Pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import type { BodyPlace, BodyRefusal, BodyUse } from './body-record.ts'
import type { PagingRecord, ParameterLocation } from './endpoint-record.ts'
import type { IncrementalRecord } from './incremental-record.ts'
import type { Template } from './template.ts'

/** The verbs of mappings, each with its key `x-flow-<verb>`. */
export const VERBS = ['load', 'query', 'save', 'update', 'delete'] as const

export type MappingVerb = (typeof VERBS)[number]

/** Most mappings of one list, each of which is tried at each request. */
export const MAPPINGS_MAX = 20

/** Whether a mapping reads objects. */
export function isRead(verb: MappingVerb | null): boolean {
  return verb === 'load' || verb === 'query'
}

/** The fields of the calling user that a parameter can take. */
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

/** The criteria of the platform's list filter. */
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

/** Source words for the parts of a load besides conditions. */
export const LIST_WORDS = ['limit', 'offset', 'search', 'orderBy', 'direction'] as const

/** Where a parameter's value comes from. */
export type Source =
  | { readonly from: 'user'; readonly field: UserField }
  /** The requested id, or the object's external id; `part` names a part of a composite key. */
  | { readonly from: 'id'; readonly part: string | null }
  | { readonly from: (typeof LIST_WORDS)[number] }
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
  /** Texts of a manifest; several go as one array. */
  | { readonly from: 'template'; readonly values: readonly Template[] }

/** Where a mapping puts a value: a parameter of the endpoint, or a member of its body. */
export type BoundLocation = ParameterLocation | 'body'

/** What fills one parameter, declared or not, or one member of the body. */
export type BindingRecord = {
  readonly in: BoundLocation
  /** `body.` and the dotted path, for a member of the body. */
  readonly name: string
  /** Only for a member of the body. */
  readonly place?: BodyPlace
  /** Tried in order; the first that yields a value fills the parameter. */
  readonly sources: readonly Source[]
  /** Sent when no source yields a value, before the schema's default. */
  readonly fallback?: JsonValue
  /** A value in a path or query is percent-encoded twice, for a server that decodes twice. */
  readonly encodeTwice: boolean
  /**
   * Set by `headers` of the mapping, in place of a declared header. Only these may set `Authorization` and
   * `Cookie`.
   */
  readonly fromHeaders: boolean
}

/** Where an answer has the objects. */
export type RecordsLocation =
  | {
      readonly at: 'path'
      readonly path: string
      /** The member of each item that has the object; left out where the item is it. */
      readonly item?: string
      /** The objects are the values of a map; its keys fill the member `key` of a type that has one. */
      readonly areEntries?: true
    }
  /** Not known from the document: searched in each answer. */
  | { readonly at: 'search' }
  /** The document shows several places, given as dotted paths. */
  | { readonly at: 'undecided'; readonly between: readonly string[] }

/** One member on the way to a list in an answer. */
export type AnswerStep = {
  readonly key: string
  /** The schema requires the member. */
  readonly required: boolean
  /** All members that the schema declares beside it, and itself. */
  readonly members: readonly string[]
}

/** What the document says about the answers of a mapping (docs/x-flow.md#what-an-answer-is). */
export type AnswerRecord = {
  /**
   * The members that lead to a list which the schema shows at the place of the records, from the outside
   * in; null where it shows none, or where the list is the whole body.
   */
  readonly list: readonly AnswerStep[] | null
  /** By declared 2xx status or `default`, what the answer to a save shows; null for other verbs. */
  readonly saved: { readonly [status: string]: SavedForm } | null
}

/**
 * What the answer to a save shows (docs/x-flow.md#what-a-save-returns): the saved object; its bare id, or a
 * list of ids; something else, which may tell the id; or what the document does not say.
 */
export type SavedForm = 'object' | 'id' | 'other' | 'unknown'

/** What an answer to a save shows, by its status: as that is declared, else as the lowest is. */
export function savedForm({ answer: { saved } }: MappingRecord, status: number): SavedForm {
  const forms = saved ?? {}
  const [lowest = ''] = Object.keys(forms).toSorted()
  const code = String(status)
  return forms[code] ?? forms[`${code.charAt(0)}XX`] ?? forms[lowest] ?? 'unknown'
}

/** What an update does with a blank property: leave it out, or send null or "". */
export type BlankRule = 'keep' | 'clear'

/** When an update reads the object first and lays what the flow sends over it. */
export type MergeRule = 'always' | 'where unseen' | 'never'

/** The example that replaces a call; null for the default response or example. */
export type ExampleChoice = { readonly response: string | null; readonly name: string | null }

/** Who answers the mappings of a document: the API unless a mapping has an example, or the document alone. */
export type Responses = 'live' | 'example'

/** Who wrote a mapping. */
export const ORIGINS = ['annotated', 'overlay', 'inferred', 'manifest'] as const

/** How a mapping came about. */
export type MappingOrigin = {
  readonly from: (typeof ORIGINS)[number]
  /** Confidence of an inference, from 0 to 1; null for what a person wrote. */
  readonly score: number | null
  readonly reasons: readonly string[]
}

/** The origin of a mapping that the document itself declares. */
export const ANNOTATED: MappingOrigin = { from: 'annotated', score: null, reasons: [] }

/** The origin of a mapping that an overlay has added to the document. */
export const OVERLAID: MappingOrigin = { ...ANNOTATED, from: 'overlay' }

/** The key of a mapping: `query:Order`; of a further one of a list `query 2:Order`. @param index From 0. */
export function mappingKey(verb: MappingVerb, type: string, index: number): string {
  return `${index === 0 ? verb : `${verb} ${index + 1}`}:${type}`
}

/** How a type uses an endpoint. */
export type MappingRecord = {
  /** As of `mappingKey`. */
  readonly key: string
  readonly verb: MappingVerb
  readonly type: string
  /** Key of the endpoint record. */
  readonly endpoint: string
  readonly pointer: Pointer
  readonly bindings: readonly BindingRecord[]
  /** Null where no body is sent. */
  readonly body: BodyUse | BodyRefusal | null
  readonly records: RecordsLocation
  readonly answer: AnswerRecord
  /** Most objects that a save sends in one request, as a JSON array; null: each alone. */
  readonly batchSize: number | null
  /** Null: a blank is sent unless the flow never saw the value. */
  readonly blank: BlankRule | null
  /** `where unseen`: only for an object of which the flow has not seen all that it would replace. */
  readonly merge: MergeRule
  /** Null for a mapping that reads nothing, and where the document answers. */
  readonly paging: PagingRecord | null
  /** Of a manifest's list that is read on from the last time, by `read` alone. Absent for any other. */
  readonly incremental?: IncrementalRecord
  /** Null: the API is called. */
  readonly example: ExampleChoice | null
  readonly origin: MappingOrigin
}

/** How a call uses an endpoint, with a mapping or without a type. */
export type EndpointUse = Pick<MappingRecord, 'bindings' | 'body' | 'paging' | 'example'> & {
  /** Key of the mapping; null for none. */
  readonly key: string | null
  readonly verb: MappingVerb | null
  readonly type: string | null
}
