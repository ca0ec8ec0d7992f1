import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { ChoiceRecord, PropertyRecord } from '../../model/type-record.ts'
import { CUSTOM_KINDS } from '../../parse/extensions.ts'
import type { Compilation } from '../compilation.ts'
import { choiceLabel, compileChoice } from './compile-choice.ts'
import type { Chain, DerivedType, PropertyForm, TypeTree } from './derive-types.ts'
import { propertyForm } from './derive-types.ts'
import type { NamedType } from './named-types.ts'
import { customForm, emptyAllowed, scalarForm } from './scalar-property.ts'
import type { Names } from './unique-names.ts'
import { createNames } from './unique-names.ts'
import type { SchemaView } from './view-schema.ts'
import { viewSchema } from './view-schema.ts'

/** The properties of one type as they are compiled, in order, with the choices among them. */
type Draft = {
  readonly tree: TypeTree
  readonly type: string
  readonly chain: Chain
  readonly names: Names
  readonly properties: PropertyRecord[]
  readonly choices: ChoiceRecord[]
}

type Properties = Pick<Draft, 'properties' | 'choices'>

/** The properties of a type whose values are JSON objects: its members, its choices, its custom ones. */
export function objectProperties(
  tree: TypeTree,
  object: SchemaView,
  chain: Chain,
  named: NamedType | null
): Properties {
  const { compilation, installedAt } = tree.scope
  const properties: PropertyRecord[] = []
  const choices: ChoiceRecord[] = []
  const draft = { tree, type: chain.type, chain, names: createNames(), properties, choices }
  for (const [key, place] of object.properties) {
    const view = viewSchema(compilation, place)
    const isChoice = view !== undefined && !installedAt.has(view.at)
    if (isChoice && view.choices.length > 0 && choicesHold(compilation, view)) {
      addChoices(draft, view, key)
      continue
    }
    const name = takeName(draft, key, place.at)
    const form = propertyForm(tree, `${chain.type}:${name}`, view, key, chain)
    properties.push(property(name, key, form, view))
  }
  if (object.choices.length > 0) addChoices(draft, object, null)
  for (const [name, kind] of Object.entries(named?.extension.customProperties ?? {})) {
    const at = pointer(named?.at ?? '', 'x-flow-type', 'customProperties', name)
    properties.push(customProperty(compilation, takeName(draft, name, at), kind, at))
  }
  return { properties, choices }
}

/** `ID` and `Value` of a scalar in a list, `Key` and `Value` of a member of a map. */
export function helperProperties(
  tree: TypeTree,
  { name, form, view, chain }: DerivedType
): Properties {
  const value = (content: PropertyForm, of: SchemaView | undefined): Properties => ({
    properties: [
      property(form === 'item' ? 'ID' : 'Key', null, TEXT, undefined),
      property('Value', null, content, of)
    ],
    choices: []
  })
  if (form === 'item') {
    const { content, kind } = scalarForm(view, '')
    return value({ content, value: { form: 'scalar', kind } }, view)
  }
  const { compilation } = tree.scope
  const held = view.mapValues === null ? undefined : viewSchema(compilation, view.mapValues)
  return value(propertyForm(tree, `${name}:Value`, held, 'Value', chain), held)
}

const TEXT: PropertyForm = { content: 'ContentString', value: { form: 'scalar', kind: 'text' } }

/** A name that is unique in its type; another than the wanted one is a diagnostic. */
function takeName({ tree, type, names }: Draft, wanted: string, at: Pointer): string {
  const name = names.take(wanted)
  if (name !== wanted) {
    tree.scope.compilation.report.add('PROPERTY_RENAMED', at, { key: wanted, type, name })
  }
  return name
}

/** Adds one property for each choice of an object, or of the member that holds it. */
function addChoices(draft: Draft, holder: SchemaView, key: string | null): void {
  const { tree, type, chain, properties, choices } = draft
  const { compilation, nameAt } = tree.scope
  const options = holder.choices.map((place, index) => {
    const view = viewSchema(compilation, place)
    const label = choiceLabel(compilation, view, place, index, nameAt)
    const name = takeName(draft, key === null ? label : `${key}-${label}`, place.at)
    const form = propertyForm(tree, `${type}:${name}`, view, name, chain)
    properties.push(property(name, key, form, holder))
    return { view, place, name }
  })
  choices.push(compileChoice(compilation, holder, key, options))
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
  { content, value }: PropertyForm,
  view: SchemaView | undefined
): PropertyRecord {
  return {
    name,
    content,
    key,
    value,
    custom: false,
    readOnly: view?.readOnly ?? false,
    writeOnly: view?.writeOnly ?? false,
    nullable: view?.nullable ?? false,
    emptyAllowed: view === undefined ? false : emptyAllowed(view)
  }
}

function customProperty(
  compilation: Compilation,
  name: string,
  given: string,
  at: Pointer
): PropertyRecord {
  const form = customForm(given)
  if (form === undefined) {
    const known = CUSTOM_KINDS.join(', ')
    compilation.report.add('CUSTOM_PROPERTY_UNKNOWN_KIND', at, { property: name, given, known })
  }
  const { content, kind } = form ?? { content: 'ContentString', kind: 'text' }
  const value = { form: 'scalar', kind } as const
  return { ...property(name, null, { content, value }, undefined), custom: true }
}
