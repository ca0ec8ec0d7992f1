import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonArray, JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, jsonEqual } from '../../base/json.ts'
import { listFirst } from '../../base/list-first.ts'
import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import type { Compilation } from '../compilation.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import type { Fault } from './judge-text.ts'
import { faultsOfText } from './judge-text.ts'
import { LISTED_MAX, isOfKind, kindFix, kindName, nameOf, shown, shownName } from './value-kinds.ts'

/** Faults of one example; further ones are not told. */
const FAULTS_MAX = 20

/** Values that are nested deeper are not compared. */
const DEPTH_MAX = 30

/** Members that identify an object of a list. */
const ID_NAMES = ['id', '_id', 'uuid', 'guid', 'Id', 'ID']

/** A value of an example, and where it is. */
export type LocatedValue = { readonly value: JsonValue; readonly at: Pointer }

/** How many more values are compared. */
type Bounds = { valuesLeft: number }

/** The comparison of one example. */
type Judging = {
  readonly compilation: Compilation
  readonly bounds: Bounds
  readonly depth: number
}

/**
 * Compares an example with its schema, and reports each misfit as `EXAMPLE_UNFIT`.
 *
 * @param due The schema that has the example, and those that it is a part or a choice of, which the example may be of as well.
 */
export function judgeValue(
  compilation: Compilation,
  example: LocatedValue,
  [due, ...wholes]: readonly [LocatedSchema, ...LocatedSchema[]],
  bounds: Bounds
): void {
  const judging = { compilation, bounds, depth: 0 }
  let faults = faultsOf(judging, example, due)
  for (const whole of faults.length > 0 ? wholes : []) {
    const known = new Set(faultsOf(judging, example, whole).map(faultKey))
    faults = faults.filter(fault => known.has(faultKey(fault)))
  }
  for (const { at, reason, fix } of faults.slice(0, FAULTS_MAX)) {
    compilation.report.add('EXAMPLE_UNFIT', at, { reason, fix })
  }
}

/** The same for a misfit with a schema and with one that it is part of, whatever else either suggests. */
function faultKey({ at, fix }: Fault): string {
  return `${at} ${fix}`
}

function faultsOf(judging: Judging, held: LocatedValue, due: LocatedSchema): Fault[] {
  const { compilation, bounds, depth } = judging
  if (bounds.valuesLeft-- <= 0 || depth > DEPTH_MAX) return []
  const view = viewSchema(compilation, due)
  return view === undefined ? [] : faultsUnder({ ...judging, depth: depth + 1 }, held, view)
}

function faultsUnder(judging: Judging, held: LocatedValue, view: SchemaView): Fault[] {
  const { value, at } = held
  const isReference = isJsonObject(value) && typeof value.$ref === 'string'
  if (isReference && Object.keys(value).length === 1 && !mayRefer(view)) {
    const reason = `it is a reference to ${shown(value.$ref ?? '')}, and references inside of examples are not followed`
    return [{ at, reason, fix: 'Write the value that it refers to.' }]
  }
  if (value === null) {
    const isOpen = view.nullable || view.onlyNull || view.kind === 'any'
    const fix = `Write ${kindName(view)}, or let the schema allow null.`
    return isOpen ? [] : [{ at, reason: `it is null where ${kindName(view)} is due`, fix }]
  }
  const choices =
    view.choices.length > 0 ? view.choices : view.kind === 'mixed' ? view.alternatives : []
  if (choices.length > 0) return faultsOfChoices(judging, held, view, choices)
  return faultsOfKind(judging, held, [view])
}

/** Whether values of a schema can have a member of that name. */
function mayRefer(view: SchemaView): boolean {
  return view.kind === 'any' || view.properties.has('$ref') || view.mapValues !== null
}

/** None where a choice fits; else those of the choice that knows the most of its members, and of these with the fewest. */
function faultsOfChoices(
  judging: Judging,
  held: LocatedValue,
  view: SchemaView,
  choices: readonly LocatedSchema[]
): Fault[] {
  let nearest: { readonly faults: readonly Fault[]; readonly known: number } | undefined
  for (const choice of choices) {
    const chosen = viewSchema(judging.compilation, choice)
    if (chosen === undefined) return []
    const isNested = chosen.choices.length > 0 || chosen.kind === 'mixed'
    const views = view.kind === 'object' ? [view, chosen] : [chosen]
    const faults = isNested
      ? faultsUnder(judging, held, chosen)
      : faultsOfKind(judging, held, views)
    if (faults.length === 0) return []
    const known = knownMembers(held.value, views)
    const isNearer =
      nearest === undefined ||
      known > nearest.known ||
      (known === nearest.known && faults.length < nearest.faults.length)
    if (isNearer) nearest = { faults, known }
  }
  const told = ` (compared with the nearest of ${choices.length} choices)`
  return (nearest?.faults ?? []).map(({ at, reason, fix }) => {
    const isTold = choices.length === 1 || reason.endsWith(' choices)')
    return { at, reason: isTold ? reason : reason + told, fix }
  })
}

/** How many members of a value schemas declare. */
function knownMembers(value: JsonValue, views: readonly SchemaView[]): number {
  if (!isJsonObject(value)) return 0
  return Object.keys(value).filter(key => views.some(({ properties }) => properties.has(key)))
    .length
}

/** @param views What the value fits at once: a schema, and the choice that it is. */
function faultsOfKind(judging: Judging, held: LocatedValue, views: readonly SchemaView[]): Fault[] {
  const { value, at } = held
  for (const view of views) {
    if (view.kind === 'any' || view.kind === 'mixed') continue
    if (!isOfKind(value, view)) {
      const reason = `it is ${nameOf(value)} where ${kindName(view)} is due`
      return [{ at, reason, fix: kindFix(value, view) }]
    }
    const { allowed } = view
    if (allowed !== null && !allowed.some(each => jsonEqual(each, value))) {
      const listed = listFirst(allowed.map(shown), LISTED_MAX)
      const fix = 'Write one of them, or add the value to the `enum`.'
      return [{ at, reason: `${shown(value)} is none of ${listed}`, fix }]
    }
  }
  if (typeof value === 'string')
    return views.flatMap(view => faultsOfText(value, at, view)).slice(0, 1)
  if (isJsonArray(value)) return views.flatMap(view => faultsOfList(judging, value, at, view))
  return isJsonObject(value) ? faultsOfObject(judging, value, at, views) : []
}

function faultsOfList(
  judging: Judging,
  list: JsonArray,
  at: Pointer,
  { items }: SchemaView
): Fault[] {
  const inner =
    items === null
      ? []
      : list.flatMap((value, index) => faultsOf(judging, { value, at: pointer(at, index) }, items))
  return [...inner, ...repeatedIds(list, at)]
}

function repeatedIds(list: JsonArray, at: Pointer): Fault[] {
  const name = ID_NAMES.find(key =>
    list.every(item => isJsonObject(item) && item[key] !== undefined)
  )
  if (name === undefined) return []
  const known = new Set<string>()
  return list.flatMap((item, index) => {
    const id = isJsonObject(item) ? (item[name] ?? null) : null
    const text = JSON.stringify(id)
    if (!known.has(text)) {
      known.add(text)
      return []
    }
    return [
      {
        at: pointer(at, index, name),
        reason: `the id ${shown(id)} is that of another object of the list`,
        fix: 'Write an id of its own for each object.'
      }
    ]
  })
}

function faultsOfObject(
  judging: Judging,
  object: JsonObject,
  at: Pointer,
  views: readonly SchemaView[]
): Fault[] {
  const { compilation } = judging
  const declared = new Map(views.flatMap(({ properties }) => [...properties]))
  const missing = views
    .flatMap(({ required }) => required)
    .filter(name => {
      const property = declared.get(name)
      const view = property && viewSchema(compilation, property)
      // Which of them are there depends on the direction.
      return object[name] === undefined && !view?.readOnly && !view?.writeOnly
    })
  const isOpen = declared.size === 0 || views.some(allowsOthers)
  return [
    ...[...new Set(missing)].map(name => ({
      at,
      reason: `the required "${shownName(name)}" is missing`,
      fix: `Add "${shownName(name)}" to the example, or remove it from \`required\`.`
    })),
    ...Object.entries(object).flatMap(([name, value]) => {
      const inside = pointer(at, name)
      const property = declared.get(name)
      if (property !== undefined) return faultsOf(judging, { value, at: inside }, property)
      const map = views.find(({ mapValues }) => mapValues !== null)?.mapValues
      if (map !== undefined && map !== null) return faultsOf(judging, { value, at: inside }, map)
      if (isOpen || name.startsWith('x-')) return []
      const hint = suggestion(nearest(name, declared.keys()))
      const reason = `the schema has no property "${shownName(name)}"${hint}`
      return [
        { at: inside, reason, fix: 'Correct its name, or add it to `properties` of the schema.' }
      ]
    })
  ]
}

/**
 * Whether a schema says that there may be members that it does not name. With a discriminator and no choices, they are
 * those of the schemas that extend it.
 */
function allowsOthers({ node, mapValues, discriminator, choices }: SchemaView): boolean {
  const { additionalProperties: others, patternProperties } = node
  return (
    mapValues !== null ||
    others === true ||
    isJsonObject(others) ||
    patternProperties !== undefined ||
    (discriminator !== null && choices.length === 0)
  )
}
