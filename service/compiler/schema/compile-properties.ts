import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import { ownMember } from '../../base/json.ts'
import type { TakeName } from '../../base/unique-names.ts'
import { uniqueNames } from '../../base/unique-names.ts'
import type { ChoiceRecord, PropertyRecord } from '../../model/type-record.ts'
import type { Compilation } from '../compilation.ts'
import { componentKey, compileChoice } from './compile-choice.ts'
import type { PropertyForm, TreeType, TypeTree } from './derive-types.ts'
import { propertyForm } from './derive-types.ts'
import type { NamedType } from './named-types.ts'
import type { ScalarForm } from './scalar-property.ts'
import { emptyAllowed, FORMS } from './scalar-property.ts'
import { shortName } from './short-name.ts'
import type { SchemaView } from './schema-view.ts'
import { viewSchema } from './view-schema.ts'

/** The properties of one type while they are compiled, in order. */
type Draft = {
  readonly tree: TypeTree
  readonly type: TreeType
  readonly takeName: TakeName
  readonly properties: PropertyRecord[]
  readonly choices: ChoiceRecord[]
}

type Properties = Pick<Draft, 'properties' | 'choices'>

/** The properties of a type of JSON objects: its members, its choices, its custom ones. */
export function objectProperties(
  tree: TypeTree,
  type: TreeType,
  named: NamedType | null
): Properties {
  const { compilation, installedAt } = tree.scope
  const draft: Draft = { tree, type, takeName: uniqueNames(), properties: [], choices: [] }
  const { properties, choices } = draft
  const required = new Set(type.view.required)
  for (const [key, located] of type.view.properties) {
    const view = viewSchema(compilation, located)
    const isChoice = view !== undefined && !installedAt.has(view.at) && view.choices.length > 0
    if (isChoice && choicesHaveMembers(compilation, view)) {
      addChoices(draft, view, key)
      continue
    }
    const name = takeName(draft, key, located.at)
    const member = property(name, key, propertyForm(tree, type, name, view, key), view)
    properties.push(required.has(key) ? { ...member, required: true } : member)
  }
  if (type.view.choices.length > 0) addChoices(draft, type.view, null)
  for (const [key, kind] of Object.entries(named?.extension.customProperties ?? {})) {
    const at = pointer(named?.at ?? '', 'x-flow-type', 'customProperties', key)
    const name = takeName(draft, key, at)
    const form = customForm(compilation, name, kind, at)
    properties.push({ ...property(name, null, form), custom: true })
  }
  return { properties, choices }
}

/** `ID` and `Value` of a scalar in a list, `Key` and `Value` of a member of a map. */
export function helperProperties(tree: TypeTree, type: TreeType): Properties {
  const { form, view } = type
  const { mapValues } = view
  const mapped = mapValues === null ? undefined : viewSchema(tree.scope.compilation, mapValues)
  const held = form === 'item' ? view : mapped
  return {
    properties: [
      property(form === 'item' ? 'ID' : 'Key', null, scalar(FORMS.string)),
      property('Value', null, propertyForm(tree, type, 'Value', held), held)
    ],
    choices: []
  }
}

/** A text that is read from a member of its name. */
export function textProperty(name: string): PropertyRecord {
  return property(name, name, scalar(FORMS.string))
}

/** A name that is unique in its type; another than the wanted one is a diagnostic. */
function takeName({ tree, type, takeName }: Draft, wanted: string, at: Pointer): string {
  const { report } = tree.scope.compilation
  const short = shortName(wanted)
  const name = takeName(short)
  if (short !== wanted) report.add('NAME_SHORTENED', at, { name, given: wanted })
  else if (name !== wanted) {
    report.add('PROPERTY_RENAMED', at, { key: wanted, type: type.name, name })
  }
  return name
}

/**
 * Adds one property for each choice of an object, or of the member that holds it. Each is called after
 * its flow type, else its component key, title or number.
 */
function addChoices(draft: Draft, holder: SchemaView, key: string | null): void {
  const { tree, type, properties, choices } = draft
  const { compilation, nameAt } = tree.scope
  const options = holder.choices.map((located, index) => {
    const view = viewSchema(compilation, located)
    const at = view?.at ?? located.at
    const component = nameAt.get(at) ?? componentKey(compilation, at)
    const label = component ?? view?.title ?? String(index + 1)
    const name = takeName(draft, key === null ? label : `${key}-${label}`, located.at)
    properties.push(property(name, key, propertyForm(tree, type, name, view), holder))
    return { view, at, name }
  })
  choices.push(compileChoice(compilation, holder, key, options))
}

/** Whether every choice has the properties that are declared beside the choices, so that none is lost. */
function choicesHaveMembers(compilation: Compilation, holder: SchemaView): boolean {
  const beside = [...holder.properties.keys()]
  return holder.choices.every(located => {
    const choice = viewSchema(compilation, located)
    return choice === undefined || beside.every(key => choice.properties.has(key))
  })
}

function property(
  name: string,
  key: string | null,
  { content, value }: PropertyForm,
  view?: SchemaView
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
    emptyAllowed: view !== undefined && emptyAllowed(view)
  }
}

function customForm(
  { report }: Compilation,
  property: string,
  given: string,
  at: Pointer
): PropertyForm {
  const form = ownMember<ScalarForm>(FORMS, given)
  if (form !== undefined) return scalar(form)
  const known = Object.keys(FORMS).join(', ')
  report.add('CUSTOM_PROPERTY_UNKNOWN_KIND', at, { property, given, known })
  return scalar(FORMS.string)
}

function scalar({ content, kind }: ScalarForm): PropertyForm {
  return { content, value: { form: 'scalar', kind } }
}
