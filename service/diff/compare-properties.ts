import { nearest } from '../base/nearest.ts'
import { plainName } from '../base/plain-name.ts'
import type { PropertyRecord, ScalarKind, TypeRecord, ValueForm } from '../model/type-record.ts'
import type { ChangePlace, ReportChange } from './change-list.ts'
import type { Versions } from './compared-model.ts'
import { nameNow } from './compared-model.ts'
import type { Recognition } from './pair-renamed.ts'
import { pairRenamed } from './pair-renamed.ts'
import { takesAllOf } from './takes-all-of.ts'

/** A type in both versions. */
export type TypePair = { readonly was: TypeRecord; readonly is: TypeRecord }

const KIND_WORDS: { readonly [kind in ScalarKind]: string } = {
  text: 'text',
  number: 'numbers',
  integer: 'whole numbers',
  boolean: 'booleans',
  date: 'dates',
  'date-time': 'moments',
  json: 'JSON text',
  any: 'any value as text'
}

/** Compares the properties of a type in both versions. */
export function compareProperties(versions: Versions, pair: TypePair, report: ReportChange): void {
  const { was, is } = pair
  const before = new Map(was.properties.map(property => [property.name, property]))
  const after = new Map(is.properties.map(property => [property.name, property]))
  const gone = was.properties.filter(({ name }) => !after.has(name))
  const added = is.properties.filter(({ name }) => !before.has(name))
  const renamed = pairRenamed(gone, added, recognitionIn(pair))
  const type = was.name
  for (const property of was.properties) {
    const now = after.get(property.name) ?? renamed.get(property)
    const at = place(now === undefined ? 'old' : 'new', pair, property)
    const holes = { property: property.name, type }
    if (now === undefined) {
      report('PROPERTY_REMOVED', holes, at)
      continue
    }
    if (now.name !== property.name) report('PROPERTY_RENAMED', { ...holes, now: now.name }, at)
    compareValues(versions, property, now, holes, at, report)
  }
  const taken = new Set(renamed.values())
  for (const property of added) {
    if (taken.has(property)) continue
    report('PROPERTY_ADDED', { property: property.name, type }, place('new', pair, property))
  }
}

function place(
  version: 'old' | 'new',
  { was, is }: TypePair,
  { name }: PropertyRecord
): ChangePlace {
  const { pointer } = version === 'old' ? was : is
  return { version, pointer, type: was.name, property: name, mapping: null }
}

function compareValues(
  versions: Versions,
  was: PropertyRecord,
  is: PropertyRecord,
  holes: { readonly property: string; readonly type: string },
  at: ChangePlace,
  report: ReportChange
): void {
  const before = contentWords(was, was.value)
  const now = contentWords(is, is.value)
  const carried = contentWords(was, withNewName(versions, was.value))
  if (carried !== now) report('PROPERTY_RETYPED', { ...holes, before, now }, at)
  else if (was.value.form === 'scalar' && is.value.form === 'scalar') {
    const [old, kind] = [was.value.kind, is.value.kind]
    if (old !== kind) {
      const code = takesAllOf(kind, old) ? 'PROPERTY_WIDENED' : 'PROPERTY_NARROWED'
      report(code, { ...holes, before: KIND_WORDS[old], now: KIND_WORDS[kind] }, at)
    }
  }
  if (is.writeOnly && !was.writeOnly) report('PROPERTY_UNREAD', holes, at)
}

/** What the platform knows of a property: its content type, and the type of its objects. */
function contentWords({ content }: PropertyRecord, value: ValueForm): string {
  return value.form === 'scalar' ? content : `${content} of "${value.type}"`
}

function withNewName(versions: Versions, value: ValueForm): ValueForm {
  return value.form === 'scalar' ? value : { ...value, type: nameNow(versions, value.type) }
}

/** A renamed property has the same JSON member, or a similar name, or the same place among the properties. */
function recognitionIn({ was, is }: TypePair): Recognition<PropertyRecord> {
  const placesIn = ({ properties }: TypeRecord): ReadonlyMap<string, number> =>
    new Map(properties.map(({ name }, index) => [name, index]))
  const [before, after] = [placesIn(was), placesIn(is)]
  return {
    keyOf: ({ key }) => key,
    likenessOf(gone, added) {
      if (gone.content !== added.content || gone.custom !== added.custom) return 0
      if (plainName(gone.name) === plainName(added.name)) return 0.9
      if (nearest(gone.name, [added.name]) !== undefined) return 0.7
      return before.get(gone.name) === after.get(added.name) ? 0.5 : 0
    }
  }
}
