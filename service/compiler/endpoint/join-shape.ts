import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { dictionary } from '../../base/json.ts'
import { plainName } from '../../base/plain-name.ts'
import type { BodyMember, BodyShape } from '../../model/body-record.ts'
import type { PropertyRecord, ScalarKind } from '../../model/type-record.ts'
import type { Compilation } from '../compilation.ts'
import { compileIdentity } from '../schema/compile-identity.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import { emptyAllowed, scalarForm } from '../schema/scalar-property.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { onlyValue, viewItems, viewSchema } from '../schema/view-schema.ts'

/** How many nested objects of one body are joined by members; further ones are sent whole. */
const NESTED_MAX = 200

type Types = ReadonlyMap<string, TypeDraft>

/** What fills a member of a body: a JSON member of the type, with several properties where it is a choice. */
type Filler = { readonly key: string; readonly properties: readonly PropertyRecord[] }

/** Finds what fills a member of a body that declares these members. */
export type Fillers = (name: string, declared: SchemaView['properties']) => Filler | undefined

/** A property that a body takes in another form. */
export type Difference = {
  /** JSON members from the object to the property. */
  readonly path: readonly string[]
  readonly property: string
  /** What the body takes, where the value cannot be brought into its form; null: the ids of objects. */
  readonly misfit: string | null
}

export type JoinedShape = Omit<BodyShape, 'members'> & {
  readonly members: { readonly [key: string]: BodyMember }
}

/**
 * The members of a type by their JSON names: the same name, else the only one that differs from it in no
 * more than case, `_` and `-`.
 */
export function fillersOf(types: Types, drafts: readonly TypeDraft[]): Fillers {
  const [first] = drafts
  if (first?.form === 'entry') {
    const value = first.properties.find(({ name }) => name === 'Value')
    return name => value && { key: name, properties: [value] }
  }
  const byKey = new Map<string, PropertyRecord[]>()
  // The list grows by the types of the choices of an object itself.
  const open = [...drafts]
  for (const { properties } of open) {
    for (const property of properties) {
      const { key, value, custom } = property
      if (custom) continue
      if (key !== null) byKey.set(key, [...(byKey.get(key) ?? []), property])
      const choice = key === null && value.form === 'object' ? types.get(value.type) : undefined
      if (choice !== undefined && !open.includes(choice)) open.push(choice)
    }
  }
  const byPlainName = Map.groupBy(byKey.keys(), plainName)
  return (name, declared) => {
    const exact = byKey.get(name)
    if (exact !== undefined) return { key: name, properties: exact }
    const similar = (byPlainName.get(plainName(name)) ?? []).filter(key => !declared.has(key))
    const [key = ''] = similar.length === 1 ? similar : []
    const properties = byKey.get(key)
    return properties && { key, properties }
  }
}

/** How many members a body schema lets a call write, and how many of them the type has. */
export function countShared(
  compilation: Compilation,
  { properties }: SchemaView,
  fillers: Fillers
): { readonly own: number; readonly shared: number } {
  const counts = { own: 0, shared: 0 }
  for (const [name, located] of properties) {
    const isShared = fillers(name, properties) !== undefined
    if (viewSchema(compilation, located)?.readOnly === true) continue
    counts.own++
    if (isShared) counts.shared++
  }
  return counts
}

/** An object of a body that is being joined, and the objects around it. */
type OpenObject = {
  readonly view: SchemaView
  readonly fillers: Fillers
  readonly members: Record<string, BodyMember>
  readonly around: readonly Pointer[]
  readonly path: readonly string[]
}

type Join = {
  readonly compilation: Compilation
  readonly types: Types
  readonly open: OpenObject[]
  readonly differences: Difference[]
}

/**
 * Walks the schema of a body's object beside the type that fills it, breadth first: which members it takes,
 * under which names, and in which form (docs/x-flow.md#request-bodies).
 */
export function joinShape(
  compilation: Compilation,
  types: Types,
  root: SchemaView,
  fillers: Fillers
): { readonly shape: JoinedShape; readonly differences: readonly Difference[] } {
  const members = dictionary<BodyMember>()
  const first: OpenObject = { view: root, fillers, members, around: [root.at], path: [] }
  const join: Join = { compilation, types, open: [first], differences: [] }
  for (const object of join.open) joinMembers(join, object)
  const { differences } = join
  return { shape: { members, ...besides(compilation, root, fillers) }, differences }
}

function joinMembers(join: Join, object: OpenObject): void {
  const { view, fillers, members } = object
  const required = new Set(view.required)
  for (const [name, located] of view.properties) {
    const filler = fillers(name, view.properties)
    if (filler === undefined || Object.hasOwn(members, filler.key)) continue
    const held = viewSchema(join.compilation, located)
    if (held?.readOnly === true) continue
    const member = memberOf(join, object, filler, held)
    members[filler.key] = {
      ...member,
      ...(name !== filler.key && { as: name }),
      ...(held?.blankChoice === true && !held.nullable && { emptyAllowed: true }),
      ...(required.has(name) && { required: true })
    }
  }
}

const WHOLE: BodyMember = { whole: true }

function memberOf(
  join: Join,
  object: OpenObject,
  filler: Filler,
  view: SchemaView | undefined
): BodyMember {
  const isList = view?.kind === 'array'
  const held = view && (isList ? viewItems(join.compilation, view) : view)
  const [property] = filler.properties
  if (view === undefined || held === undefined || property === undefined || isOpen(held)) {
    return WHOLE
  }
  const member =
    held.kind === 'object'
      ? objectMember(join, object, filler, held, isList)
      : scalarMember(join, property, view, held)
  const difference = { path: [...object.path, filler.key], property: property.name }
  if (member !== undefined) {
    const draft = 'kind' in member ? objectDraft(join, property) : undefined
    if (draft !== undefined) {
      const misfit = mayHaveId(join, draft) ? null : 'the id of an object'
      join.differences.push({ ...difference, misfit })
    }
    return member
  }
  const one = held.kind === 'object' ? 'object' : 'value'
  const expected = isList ? `a list of ${one}s` : `${one === 'object' ? 'an' : 'a single'} ${one}`
  join.differences.push({ ...difference, misfit: expected })
  return { misfit: expected }
}

/** The type of the objects that a property holds. */
function objectDraft({ types }: Join, { value }: PropertyRecord): TypeDraft | undefined {
  const draft = value.form === 'scalar' ? undefined : types.get(value.type)
  return draft?.form === 'object' ? draft : undefined
}

/** Whether objects of a type have an id; mappings of a named type may name one. */
function mayHaveId({ compilation }: Join, draft: TypeDraft): boolean {
  return draft.named !== null || compileIdentity(compilation, draft, []).candidates.length > 0
}

/** Whether a schema leaves it to the type what a value is. */
export function isOpen({ kind, properties, choices }: SchemaView): boolean {
  if (kind === 'object') return choices.length > 0 || properties.size === 0
  return kind === 'any' || kind === 'mixed' || kind === 'array'
}

/** An object, or a list of objects; undefined where the type has no object. */
function objectMember(
  join: Join,
  object: OpenObject,
  { key, properties }: Filler,
  held: SchemaView,
  isList: boolean
): BodyMember | undefined {
  const { compilation, types, open } = join
  const forms = properties.map(({ value }) => value)
  const drafts = forms.flatMap(value =>
    value.form === 'scalar' ? [] : (types.get(value.type) ?? [])
  )
  const [value] = forms
  const [draft] = drafts
  if (value?.form === 'scalar')
    return value.kind === 'json' || value.kind === 'any' ? WHOLE : undefined
  if (value === undefined || draft === undefined) return WHOLE
  if (draft.form === 'item' || (value.form === 'map' && isList)) return undefined
  if (object.around.includes(held.at)) return WHOLE
  if (open.length > NESTED_MAX || !compilation.afford(1)) return WHOLE
  const members = dictionary<BodyMember>()
  const fillers = fillersOf(types, drafts)
  open.push({
    view: held,
    fillers,
    members,
    around: [...object.around, held.at],
    path: [...object.path, key]
  })
  const shape = { members, ...besides(compilation, held, fillers) }
  return { shape, ...countOf(value.form === 'list', isList) }
}

/** A scalar or a list of scalars; undefined where the type has a map. */
function scalarMember(
  { types }: Join,
  { value, key }: PropertyRecord,
  view: SchemaView,
  held: SchemaView
): BodyMember | undefined {
  const { kind } = scalarForm(held, key ?? '')
  const isList = view !== held
  const { nullable } = view
  const scalar = { kind, nullable, emptyAllowed: !isList && emptyAllowed(held) }
  if (value.form === 'map') return undefined
  if (value.form !== 'list') {
    const isText = value.form === 'scalar' && (value.kind === 'json' || value.kind === 'any')
    return isList && isText ? WHOLE : { ...scalar, ...countOf(false, isList) }
  }
  if (isList && kind === itemKind(types.get(value.type))) return WHOLE
  return { ...scalar, ...countOf(true, isList) }
}

/** The kind of the scalars of a list; undefined for a list of objects. */
function itemKind(draft: TypeDraft | undefined): ScalarKind | undefined {
  if (draft?.form !== 'item') return undefined
  const value = draft.properties.find(({ name }) => name === 'Value')?.value
  return value?.form === 'scalar' ? value.kind : undefined
}

function countOf(typeHasList: boolean, bodyHasList: boolean): Pick<BodyMember, 'count'> {
  if (typeHasList === bodyHasList) return {}
  return { count: bodyHasList ? 'list' : 'one' }
}

/** What an object takes besides the members that the type fills. */
function besides(
  compilation: Compilation,
  view: SchemaView,
  fillers: Fillers
): Omit<JoinedShape, 'members'> {
  const constants = constantsOf(compilation, view)
  const isUnfilled = (name: string): boolean => {
    if (fillers(name, view.properties) !== undefined) return false
    const located = view.properties.get(name)
    return located === undefined || viewSchema(compilation, located)?.readOnly !== true
  }
  const missing = view.required.filter(name => !Object.hasOwn(constants, name) && isUnfilled(name))
  return {
    ...(Object.keys(constants).length > 0 && { constants }),
    ...(view.node.additionalProperties === false && {
      others: [...view.properties.keys()].filter(isUnfilled)
    }),
    ...(missing.length > 0 && { missing })
  }
}

/** The required members of an object that have only one possible value. */
function constantsOf(compilation: Compilation, view: SchemaView): JsonObject {
  const constants = dictionary<JsonValue>()
  for (const name of view.required) {
    const located = view.properties.get(name)
    const held = located && viewSchema(compilation, located)
    const only = held?.readOnly === true ? undefined : onlyValue(held)
    if (only !== undefined) constants[name] = only
  }
  return constants
}
