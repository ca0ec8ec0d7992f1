import type { Types } from '../../service/objects/type-lookup.ts'
import type { BodyShape } from '../../service/model/body-record.ts'
import type {
  ChoiceRecord,
  ContentType,
  IdentityRecord,
  PropertyRecord,
  ScalarKind,
  TypeRecord
} from '../../service/model/type-record.ts'
import type { BodyForm } from '../../service/objects/body-form.ts'
import type { FlowObject, FlowProperty } from '../../service/objects/types.ts'

type Marks = Partial<
  Pick<PropertyRecord, 'key' | 'content' | 'readOnly' | 'writeOnly' | 'nullable' | 'emptyAllowed'>
>

const CONTENT: { readonly [kind in ScalarKind]: ContentType } = {
  text: 'ContentString',
  number: 'ContentNumber',
  integer: 'ContentNumber',
  boolean: 'ContentBoolean',
  date: 'ContentDateTime',
  'date-time': 'ContentDateTime',
  json: 'ContentString',
  any: 'ContentString'
}

const UNMARKED = {
  custom: false,
  readOnly: false,
  writeOnly: false,
  nullable: false,
  emptyAllowed: false
}

/** A scalar property; its JSON member has its name. */
export function scalar(name: string, kind: ScalarKind = 'text', marks: Marks = {}): PropertyRecord {
  const value = { form: 'scalar', kind } as const
  return { ...UNMARKED, name, key: name, content: CONTENT[kind], value, ...marks }
}

/** A property of `customProperties`. */
export function custom(name: string, kind: ScalarKind = 'text'): PropertyRecord {
  return { ...scalar(name, kind), key: null, custom: true }
}

/** A property that holds an object, a list or a map of a type. */
export function nested(
  name: string,
  form: 'object' | 'list' | 'map',
  type: string,
  marks: Marks = {}
): PropertyRecord {
  const content = form === 'object' ? 'ContentObject' : 'ContentList'
  return { ...UNMARKED, name, key: name, content, value: { form, type }, ...marks }
}

/** Types by name, as a model holds them. */
export function typeRecords(...types: TypeRecord[]): Types {
  return new Map(types.map(type => [type.name, type]))
}

export function objectType(
  name: string,
  properties: readonly PropertyRecord[],
  more: { candidates?: string[][]; composite?: string[]; choices?: ChoiceRecord[] } = {}
): TypeRecord {
  const identity: IdentityRecord = {
    composite: more.composite?.map(part => ({ part, path: part.split('.') })) ?? null,
    candidates: more.candidates ?? []
  }
  const choices = more.choices ?? []
  return {
    name,
    summary: null,
    form: 'object',
    properties,
    choices,
    identity,
    toldIds: [],
    hasRequired: false,
    mappings: {},
    pointer: ''
  }
}

/** The type of the scalars of a list: `ID` and `Value`. */
export function itemType(name: string, kind: ScalarKind, marks: Marks = {}): TypeRecord {
  const properties = [
    scalar('ID', 'text', { key: null }),
    scalar('Value', kind, { key: null, ...marks })
  ]
  return { ...objectType(name, properties), form: 'item' }
}

/** The type of the members of a map: `Key` and `Value`. */
export function entryType(name: string, value: PropertyRecord): TypeRecord {
  const properties = [scalar('Key', 'text', { key: null }), { ...value, name: 'Value', key: null }]
  return { ...objectType(name, properties), form: 'entry' }
}

/** What a request body takes of an object, with what matters to a test. */
export function bodyForm(more: { members?: BodyShape['members']; exclude?: string[] }): BodyForm {
  const shape = more.members === undefined ? null : { members: more.members }
  return { shape, exclude: more.exclude ?? [] }
}

/** Values of a flow object: text of a scalar, objects of an object or list. */
export type FlowValues = { readonly [property: string]: string | null | readonly FlowObject[] }

/** A flow object as a flow sends it. */
export function flowObject(
  type: string,
  values: FlowValues,
  more: Partial<FlowObject> = {}
): FlowObject {
  const properties = Object.entries(values).map(([developerName, value]): FlowProperty => {
    const isText = typeof value === 'string' || value === null
    const [contentValue, objectData] = isText ? [value, null] : [null, value]
    return { developerName, contentType: null, contentValue, objectData }
  })
  return { externalId: null, internalId: null, developerName: type, order: 0, properties, ...more }
}

/** Values of a flow object by property: texts, or nested values. */
export type Shown = { readonly [property: string]: string | null | Shown[] }

export function shown(object: FlowObject | undefined): Shown {
  const entries = (object?.properties ?? []).map(
    ({ developerName, contentValue, objectData }) =>
      [developerName, objectData === null ? contentValue : objectData.map(shown)] as const
  )
  return Object.fromEntries(entries)
}
