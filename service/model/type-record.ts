import type { Pointer } from '../base/json-pointer.ts'
import type { JsonObject } from '../base/json.ts'
import { ownMember } from '../base/json.ts'
import type { FieldRecord } from './field-record.ts'

/** The platform's content types (docs/protocol.md#values). */
export type ContentType =
  | 'ContentString'
  | 'ContentPassword'
  | 'ContentContent'
  | 'ContentNumber'
  | 'ContentBoolean'
  | 'ContentDateTime'
  | 'ContentObject'
  | 'ContentList'

/**
 * The kind of a scalar's JSON value. `json` is any value as JSON text; `any` is a value of which nothing is known:
 * scalars as plain text, objects and arrays as JSON text.
 */
export type ScalarKind =
  | 'text'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'date'
  | 'date-time'
  | 'json'
  | 'any'

/**
 * The JSON value of a property (docs/x-flow.md#types-and-properties).
 *
 * - `scalar`: one value, read and written by its kind.
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
   * The JSON member of the value. Null for the JSON value itself (a choice of a list's items, `Value`
   * of a scalar), and for `custom` properties, which have none.
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
  /** The schema requires the member of every object. Absent: it may lack. */
  readonly required?: true
}

/**
 * The alternatives of a `oneOf` or `anyOf` of objects, one property each (docs/x-flow.md#choices). A read
 * fills one: that which the discriminator names, else whose constants match, else that which shares most names.
 */
export type ChoiceRecord = {
  /** The JSON member of the chosen object; null: the JSON value itself. */
  readonly key: string | null
  /** The discriminator's property name. */
  readonly discriminator: string | null
  /** The property that is filled where the discriminator names no choice. Absent for none. */
  readonly usual?: string
  readonly options: readonly {
    /** Name of the property that is filled. */
    readonly property: string
    /** JSON member names that the choice's schema declares. */
    readonly keys: readonly string[]
    /** Values of the discriminator that mean this choice; the first one is written. */
    readonly values: readonly string[]
    /** Members with only one possible value, which tell the choice apart. Absent for none. */
    readonly constants?: JsonObject
  }[]
}

/** Where an object's external id is (docs/x-flow.md#external-ids). A path is a list of JSON member names. */
export type IdentityRecord = {
  /** The parts of a composite key, all of which must have a value; null when not declared. */
  readonly composite: readonly { readonly part: string; readonly path: readonly string[] }[] | null
  /** Tried in order; the first with a value is the id. Without one it is generated from the content. */
  readonly candidates: readonly (readonly string[])[]
}

export type TypeRecord = {
  readonly name: string
  readonly summary: string | null
  /**
   * The form of a JSON value of this type: `object` a JSON object; `item` a scalar of a
   * list (properties `ID`, `Value`); `entry` a member of a map (properties `Key`, `Value`).
   */
  readonly form: 'object' | 'item' | 'entry'
  readonly properties: readonly PropertyRecord[]
  readonly choices: readonly ChoiceRecord[]
  readonly identity: IdentityRecord
  /**
   * Members by which an answer that is no object of the type tells the id of one, the likeliest first; as
   * `plainName` writes them.
   */
  readonly toldIds: readonly string[]
  /** The schema requires members of every object. */
  readonly hasRequired: boolean
  /** Nested properties under their dotted names, on which the API takes conditions. */
  readonly columns?: readonly PropertyRecord[]
  /** Of a manifest: what the values of records must be; `first page`: its fields are taken from there. */
  readonly fields?: readonly FieldRecord[] | 'first page'
  /** By verb, the key of the mapping record; of a list, of the first. */
  readonly mappings: { readonly [verb: string]: string }
  /** By verb, the keys of the further mappings of a list. Absent without one. */
  readonly furtherMappings?: { readonly [verb: string]: readonly string[] }
  /** The schema in the document. */
  readonly pointer: Pointer
}

/** The keys of all mappings of a verb, in the order of their list. */
export function mappingKeys(
  { mappings, furtherMappings = {} }: Pick<TypeRecord, 'mappings' | 'furtherMappings'>,
  verb: string
): readonly string[] {
  const first = ownMember(mappings, verb)
  return first === undefined ? [] : [first, ...(ownMember(furtherMappings, verb) ?? [])]
}

/** Whether `{}` is an object of a type, without values: the type has no id of its own, and requires nothing. */
export function mayBeEmpty({
  identity,
  hasRequired
}: Pick<TypeRecord, 'identity' | 'hasRequired'>): boolean {
  return identity.composite === null && identity.candidates.length === 0 && !hasRequired
}
