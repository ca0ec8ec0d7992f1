import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import { isJsonArray, type JsonObject } from '../../base/json.ts'
import { CUSTOM_KINDS } from '../../parse/extensions.ts'
import type { Compilation } from '../compilation.ts'
import { choiceLabel, compileChoice } from './compile-choice.ts'
import { exampleSchema, ownExample } from '../example/example-schema.ts'
import type { NamedType, NamedTypes } from './named-types.ts'
import { customForm, emptyAllowed, scalarForm } from './scalar-property.ts'
import type {
  ChoiceRecord,
  PropertyRecord,
  TypeRecord,
  ValueForm
} from '../../model/type-record.ts'
import { createNames } from './unique-names.ts'
import type { SchemaPlace, SchemaView } from './view-schema.ts'
import { viewSchema } from './view-schema.ts'

/** How many types may be derived from nested schemas (x-flow 3.1). */
export type DerivedTypeBounds = { readonly perType: number; readonly total: number }

/** Characters in the name of a derived type at the most; deeper ones are JSON text. */
const NAME_LENGTH_MAX = 2_000

/** What of everything that may be made may be made for types, so that mappings get the rest. */
const SHARE = { named: 0.4, all: 0.7 }

/** A type without what its mappings decide. */
export type TypeDraft = Omit<TypeRecord, 'identity' | 'mappings'> & {
  /** What the type's objects are; null for helper types, which no schema describes. */
  readonly view: SchemaView | null
  /** The declaration of a named type; null for a derived one. */
  readonly named: NamedType | null
}

/** The schemas around a nested one, inside out, with the types they got. */
type Chain = {
  readonly at: Pointer
  readonly form: TypeDraft['form']
  readonly type: string
  readonly outer: Chain | null
}

type Derived = Pick<TypeDraft, 'name' | 'form'> & {
  readonly view: SchemaView
  readonly chain: Chain
}

type PropertyForm = Pick<PropertyRecord, 'content' | 'value'>

const JSON_TEXT: PropertyForm = {
  content: 'ContentString',
  value: { form: 'scalar', kind: 'json' }
}

/**
 * Compiles every type that is installed: the named ones, and breadth-first below each the types of
 * its nested schemas, `Parent:prop` (x-flow 3.1). Past the bounds a nested object is JSON text.
 *
 * @returns The types, and the named ones that are left out because too much comes of the document.
 */
export function compileTypes(
  compilation: Compilation,
  named: NamedTypes,
  bounds: DerivedTypeBounds
): { readonly drafts: readonly TypeDraft[]; readonly left: readonly NamedType[] } {
  const { report } = compilation
  const typeNames = createNames()
  const left: NamedType[] = []
  const roots = named.types.flatMap(type => {
    // No look where nothing more can be afforded; a view that can be is installed, come what may.
    const view = compilation.afford(0, SHARE.named) ? objectView(compilation, type) : null
    if (view === undefined) return []
    if (view === null || !compilation.afford(view.properties.size, SHARE.named)) {
      left.push(type)
      return []
    }
    typeNames.take(type.name)
    return [{ type, view }]
  })
  const installed = new Set(roots.map(({ type }) => type.name))
  const drafts: TypeDraft[] = []
  let total = 0

  /** The installed type that a schema has by its own `x-flow-type`. */
  const ownType = (at: Pointer): string | undefined => {
    const own = named.nameAt.get(at)
    return own !== undefined && installed.has(own) ? own : undefined
  }

  for (const { type, view } of roots) {
    const queue: Derived[] = []
    const folded: string[] = []

    /** The type of a nested schema: its own, that of the same schema around it, or a new one. */
    const typeOf = (
      wanted: string,
      nested: SchemaView,
      form: TypeDraft['form'],
      chain: Chain
    ): string | undefined => {
      const own = ownType(nested.at)
      if (own !== undefined) return own
      for (let outer: Chain | null = chain; outer !== null; outer = outer.outer) {
        if (outer.at === nested.at && outer.form === form) return outer.type
      }
      const isPast =
        queue.length >= bounds.perType || total >= bounds.total || wanted.length > NAME_LENGTH_MAX
      if (isPast || !compilation.afford(nested.properties.size, SHARE.all)) {
        folded.push(wanted)
        return undefined
      }
      const name = typeNames.take(wanted)
      if (name !== wanted) report.add('TYPE_RENAMED', nested.at, { place: wanted, name })
      total++
      const inside = { at: nested.at, form, type: name, outer: chain }
      queue.push({ name, form, view: nested, chain: inside })
      return name
    }

    const nestedForm = (
      content: 'ContentObject' | 'ContentList',
      form: 'object' | 'list' | 'map',
      name: string | undefined
    ): PropertyForm => (name === undefined ? JSON_TEXT : { content, value: { form, type: name } })

    /** Whether an object has members that a type can have. */
    const isWhole = ({ at, properties, choices }: SchemaView): boolean =>
      properties.size > 0 || choices.length > 0 || ownType(at) !== undefined

    const formOf = (
      wanted: string,
      nested: SchemaView,
      key: string,
      chain: Chain
    ): PropertyForm => {
      if (nested.kind === 'object') {
        if (isWhole(nested)) {
          return nestedForm('ContentObject', 'object', typeOf(wanted, nested, 'object', chain))
        }
        if (nested.mapValues === null) return JSON_TEXT
        return nestedForm('ContentList', 'map', typeOf(wanted, nested, 'entry', chain))
      }
      if (nested.kind === 'array') return listForm(wanted, nested, chain)
      const { content, kind } = scalarForm(nested, key)
      return { content, value: { form: 'scalar', kind } }
    }

    const listForm = (wanted: string, list: SchemaView, chain: Chain): PropertyForm => {
      const item = list.items === null ? undefined : viewSchema(compilation, list.items)
      if (item === undefined) return JSON_TEXT
      const own = ownType(list.at)
      if (own !== undefined) return nestedForm('ContentList', 'list', own)
      if (item.kind === 'object') {
        if (!isWhole(item)) return JSON_TEXT
        return nestedForm('ContentList', 'list', typeOf(wanted, item, 'object', chain))
      }
      if (['array', 'mixed', 'any'].includes(item.kind)) return JSON_TEXT
      return nestedForm('ContentList', 'list', typeOf(wanted, item, 'item', chain))
    }

    const objectProperties = (
      typeName: string,
      object: SchemaView,
      chain: Chain,
      custom: NamedType | null
    ): Pick<TypeDraft, 'properties' | 'choices'> => {
      const names = createNames()
      const properties: PropertyRecord[] = []
      const choices: ChoiceRecord[] = []
      const take = (wanted: string, at: Pointer): string => {
        const name = names.take(wanted)
        if (name !== wanted) {
          report.add('PROPERTY_RENAMED', at, { key: wanted, type: typeName, name })
        }
        return name
      }
      const addChoices = (holder: SchemaView, key: string | null): void => {
        const taken = holder.choices.map((place, index) => {
          const view = viewSchema(compilation, place)
          const label = choiceLabel(compilation, view, place, index, named.nameAt)
          const name = take(key === null ? label : `${key}-${label}`, place.at)
          const form =
            view === undefined ? JSON_TEXT : formOf(`${typeName}:${name}`, view, name, chain)
          properties.push(property(name, key, form, holder))
          return { view, place, name }
        })
        choices.push(compileChoice(compilation, holder, key, taken))
      }
      for (const [key, place] of object.properties) {
        const view = viewSchema(compilation, place)
        const isChoice = view !== undefined && ownType(view.at) === undefined
        if (isChoice && view.choices.length > 0 && choicesHold(compilation, view)) {
          addChoices(view, key)
          continue
        }
        const name = take(key, place.at)
        const form =
          view === undefined ? JSON_TEXT : formOf(`${typeName}:${name}`, view, key, chain)
        properties.push(property(name, key, form, view))
      }
      if (object.choices.length > 0) addChoices(object, null)
      for (const [name, kind] of Object.entries(custom?.extension.customProperties ?? {})) {
        const at = pointer(custom?.at ?? '', 'x-flow-type', 'customProperties', name)
        properties.push(customProperty(compilation, take(name, at), kind, at))
      }
      return { properties, choices }
    }

    const chain: Chain = { at: view.at, form: 'object', type: type.name, outer: null }
    drafts.push({
      name: type.name,
      summary: type.extension.summary ?? view.description ?? view.title,
      form: 'object',
      ...objectProperties(type.name, view, chain, type),
      pointer: type.at,
      view,
      named: type
    })
    // The queue grows while it is read, which is what makes the order breadth-first.
    for (const { name, form, view: nested, chain: around } of queue) {
      const parts =
        form === 'object'
          ? objectProperties(name, nested, around, null)
          : { properties: helperProperties(name, form, nested, around), choices: [] }
      const summary = nested.description ?? nested.title
      const schema = form === 'object' ? nested : null
      drafts.push({ name, summary, form, ...parts, pointer: nested.at, view: schema, named: null })
    }

    /** `ID` and `Value` of a scalar in a list, `Key` and `Value` of a member of a map. */
    function helperProperties(
      name: string,
      form: TypeDraft['form'],
      nested: SchemaView,
      around: Chain
    ): PropertyRecord[] {
      const text: PropertyForm = {
        content: 'ContentString',
        value: { form: 'scalar', kind: 'text' }
      }
      if (form === 'item') {
        const { content, kind } = scalarForm(nested, '')
        const value: ValueForm = { form: 'scalar', kind }
        return [
          property('ID', null, text, null),
          property('Value', null, { content, value }, nested)
        ]
      }
      const held = nested.mapValues === null ? undefined : viewSchema(compilation, nested.mapValues)
      const value = held === undefined ? JSON_TEXT : formOf(`${name}:Value`, held, 'Value', around)
      return [property('Key', null, text, null), property('Value', null, value, held)]
    }

    if (folded.length > 0) {
      const schemas = [...new Set(folded)]
      const more = schemas.length > 5 ? ` and ${schemas.length - 5} more` : ''
      report.add('TYPE_BOUND_REACHED', type.at, {
        name: type.name,
        schemas: schemas.slice(0, 5).join(', ') + more
      })
    }
  }
  return { drafts, left }
}

/** Whether every choice has the properties that stand beside the choices, so that none is lost. */
function choicesHold(compilation: Compilation, holder: SchemaView): boolean {
  const beside = [...holder.properties.keys()]
  return holder.choices.every(place => {
    const choice = viewSchema(compilation, place)
    return choice === undefined || beside.every(key => choice.properties.has(key))
  })
}

function property(
  name: string,
  key: string | null,
  form: PropertyForm,
  view: SchemaView | null | undefined
): PropertyRecord {
  return {
    name,
    content: form.content,
    key,
    value: form.value,
    custom: false,
    readOnly: view?.readOnly ?? false,
    writeOnly: view?.writeOnly ?? false,
    nullable: view?.nullable ?? false,
    emptyAllowed: view === null || view === undefined ? false : emptyAllowed(view)
  }
}

function customProperty(
  compilation: Compilation,
  name: string,
  kind: string,
  at: Pointer
): PropertyRecord {
  const form = customForm(kind)
  if (form === undefined) {
    const known = CUSTOM_KINDS.join(', ')
    compilation.report.add('CUSTOM_PROPERTY_UNKNOWN_KIND', at, {
      property: name,
      given: kind,
      known
    })
  }
  const content = form?.content ?? 'ContentString'
  const value: ValueForm = { form: 'scalar', kind: form?.kind ?? 'text' }
  return { ...property(name, null, { content, value }, null), custom: true }
}

/**
 * What the objects of a named type are: the schema, the items of a root array, or what the schema's
 * example shows when it declares no property. Undefined, with a diagnostic, for a type without property.
 */
function objectView(compilation: Compilation, type: NamedType): SchemaView | undefined {
  let view = viewSchema(compilation, { schema: type.schema, at: type.at })
  for (let depth = 0; view?.kind === 'array' && view.items !== null && depth < 8; depth++) {
    view = viewSchema(compilation, view.items)
  }
  if (view === undefined) return empty(compilation, type, 'its schema cannot be read')
  if (view.properties.size > 0 || view.choices.length > 0) return view
  const shown = viewOfExample(compilation, view) ?? view
  if (shown.properties.size > 0) return { ...shown, at: view.at, node: view.node }
  if (Object.keys(type.extension.customProperties ?? {}).length > 0) return view
  if (view.kind !== 'object' && view.kind !== 'any') {
    return empty(compilation, type, `its schema is of kind ${view.kind}, without properties`)
  }
  return empty(compilation, type, 'its schema has neither properties nor an example')
}

function empty(compilation: Compilation, type: NamedType, reason: string): undefined {
  compilation.report.add('TYPE_EMPTY', type.at, { name: type.name, reason })
  return undefined
}

function viewOfExample(compilation: Compilation, view: SchemaView): SchemaView | undefined {
  const shown = ownExample(view.node)
  const first = isJsonArray(shown) ? shown[0] : shown
  if (first === undefined) return undefined
  const schema: JsonObject = exampleSchema(first)
  const place: SchemaPlace = { schema, at: pointer(view.at, 'example') }
  return viewSchema(compilation, place)
}
