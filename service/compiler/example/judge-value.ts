import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonArray, JsonObject, JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonArray, isJsonObject, jsonEqual, plainText } from '../../base/json.ts'
import { listFirst } from '../../base/list-first.ts'
import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaKind } from '../schema/schema-kind.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'

/** Of longer texts only the beginning is shown. */
const SHOWN_MAX = 40

/** How many allowed values a reason lists. */
const LISTED_MAX = 5

/** Faults of one example; further ones are not told. */
const FAULTS_MAX = 20

/** Values that are nested deeper are not compared. */
const DEPTH_MAX = 30

/** What stands in documents where a value was never written: what tools write, and names in brackets. */
const PLACEHOLDER = /^(?:string|\{\{[^{}]*\}\}|\{[\w.-]+\}|<[\w .-]+>|\$\{[\w.-]+\})$/

/** Members that identify an object of a list. */
const ID_NAMES = ['id', '_id', 'uuid', 'guid', 'Id', 'ID']

const FORMATS: { readonly [format: string]: { readonly name: string; readonly pattern: RegExp } } =
  {
    date: { name: 'a date as 2026-06-15', pattern: /^\d{4}-\d\d-\d\d$/ },
    'date-time': {
      name: 'a moment as 2026-06-15T09:00:00Z',
      pattern: /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)$/
    },
    email: { name: 'an email address', pattern: /^[^@\s]+@[^@\s]+$/ },
    uuid: {
      name: 'a UUID',
      pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
    },
    uri: { name: 'a URI with its scheme', pattern: /^[a-z][a-z\d+.-]*:/i },
    ipv4: { name: 'an IPv4 address', pattern: /^\d{1,3}(?:\.\d{1,3}){3}$/ },
    ipv6: { name: 'an IPv6 address', pattern: /^[\da-f:.]{2,45}$/i }
  }

const KIND_NAMES: { readonly [kind in Exclude<SchemaKind, 'any' | 'mixed'>]: string } = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'an integer',
  boolean: 'a boolean'
}

/** A value of an example, and where it is. */
export type LocatedValue = { readonly value: JsonValue; readonly at: Pointer }

type Fault = { readonly at: Pointer; readonly reason: string }

/** How many more values are compared. */
type Bounds = { valuesLeft: number }

/** The comparison of one example. */
type Judging = {
  readonly compilation: Compilation
  readonly bounds: Bounds
  readonly depth: number
}

/** Compares an example with its schema, and reports each misfit as `EXAMPLE_UNFIT`. */
export function judgeValue(
  compilation: Compilation,
  example: LocatedValue,
  due: LocatedSchema,
  bounds: Bounds
): void {
  const faults = faultsOf({ compilation, bounds, depth: 0 }, example, due)
  for (const { at, reason } of faults.slice(0, FAULTS_MAX)) {
    compilation.report.add('EXAMPLE_UNFIT', at, { reason })
  }
}

function faultsOf(judging: Judging, held: LocatedValue, due: LocatedSchema): Fault[] {
  const { compilation, bounds, depth } = judging
  if (bounds.valuesLeft-- <= 0 || depth > DEPTH_MAX) return []
  const view = viewSchema(compilation, due)
  return view === undefined ? [] : faultsUnder({ ...judging, depth: depth + 1 }, held, view)
}

function faultsUnder(judging: Judging, held: LocatedValue, view: SchemaView): Fault[] {
  const { value, at } = held
  if (value === null) {
    const isOpen = view.nullable || view.onlyNull || view.kind === 'any'
    return isOpen ? [] : [{ at, reason: `it is null where ${kindName(view)} is due` }]
  }
  const choices =
    view.choices.length > 0 ? view.choices : view.kind === 'mixed' ? view.alternatives : []
  if (choices.length > 0) return faultsOfChoices(judging, held, view, choices)
  return faultsOfKind(judging, held, [view])
}

/** None where a choice fits; else those of the choice with the fewest. */
function faultsOfChoices(
  judging: Judging,
  held: LocatedValue,
  view: SchemaView,
  choices: readonly LocatedSchema[]
): Fault[] {
  let fewest: Fault[] | undefined
  for (const choice of choices) {
    const chosen = viewSchema(judging.compilation, choice)
    if (chosen === undefined) return []
    const isNested = chosen.choices.length > 0 || chosen.kind === 'mixed'
    const views = view.kind === 'object' ? [view, chosen] : [chosen]
    const faults = isNested
      ? faultsUnder(judging, held, chosen)
      : faultsOfKind(judging, held, views)
    if (faults.length === 0) return []
    if (fewest === undefined || faults.length < fewest.length) fewest = faults
  }
  return fewest ?? []
}

/** @param views What the value fits at once: a schema, and the choice that it is. */
function faultsOfKind(judging: Judging, held: LocatedValue, views: readonly SchemaView[]): Fault[] {
  const { value, at } = held
  for (const view of views) {
    if (view.kind === 'any' || view.kind === 'mixed') continue
    if (!isOfKind(value, view)) {
      return [{ at, reason: `it is ${nameOf(value)} where ${kindName(view)} is due` }]
    }
    const { allowed } = view
    if (allowed !== null && !allowed.some(each => jsonEqual(each, value))) {
      const listed = listFirst(allowed.map(shown), LISTED_MAX, text => text)
      return [{ at, reason: `${shown(value)} is none of ${listed}` }]
    }
  }
  if (typeof value === 'string')
    return views.flatMap(view => faultsOfText(value, at, view)).slice(0, 1)
  if (isJsonArray(value)) return views.flatMap(view => faultsOfList(judging, value, at, view))
  return isJsonObject(value) ? faultsOfObject(judging, value, at, views) : []
}

function faultsOfText(value: string, at: Pointer, { format, allowed }: SchemaView): Fault[] {
  if (PLACEHOLDER.test(value) && allowed?.includes(value) !== true) {
    return [{ at, reason: `${shown(value)} is a placeholder` }]
  }
  const known = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  return known === undefined || known.pattern.test(value)
    ? []
    : [{ at, reason: `${shown(value)} is not ${known.name}` }]
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
        reason: `the id ${shown(id)} is that of another object of the list`
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
    ...[...new Set(missing)].map(name => ({ at, reason: `the required "${name}" is missing` })),
    ...Object.entries(object).flatMap(([name, value]) => {
      const inside = pointer(at, name)
      const property = declared.get(name)
      if (property !== undefined) return faultsOf(judging, { value, at: inside }, property)
      const map = views.find(({ mapValues }) => mapValues !== null)?.mapValues
      if (map !== undefined && map !== null) return faultsOf(judging, { value, at: inside }, map)
      if (isOpen || name.startsWith('x-')) return []
      const hint = suggestion(nearest(name, declared.keys()))
      return [{ at: inside, reason: `the schema has no property "${shownName(name)}"${hint}` }]
    })
  ]
}

/** Whether a schema says that there may be members that it does not name. */
function allowsOthers({ node, mapValues }: SchemaView): boolean {
  const { additionalProperties: others, patternProperties } = node
  return (
    mapValues !== null || others === true || isJsonObject(others) || patternProperties !== undefined
  )
}

function isOfKind(value: JsonValue, { kind, keywords }: SchemaView): boolean {
  const { type } = keywords
  const named = isJsonArray(type) ? type : []
  const kinds = named.length > 0 ? named : [kind]
  return kinds.some(each => {
    if (each === 'object') return isJsonObject(value)
    if (each === 'array') return isJsonArray(value)
    if (each === 'integer') return isWhole(value)
    if (each === 'number') return typeof value === 'number' || isExactNumber(value)
    // A type that is not written is guessed, as of text, from what is beside it.
    return (
      typeof value === each || (type === undefined && !isJsonObject(value) && !isJsonArray(value))
    )
  })
}

function isWhole(value: JsonValue): boolean {
  return isExactNumber(value) ? /^-?\d+$/.test(value.rawJSON) : Number.isInteger(value)
}

function kindName({ kind }: SchemaView): string {
  return kind === 'any' || kind === 'mixed' ? 'another value' : KIND_NAMES[kind]
}

function nameOf(value: JsonValue): string {
  if (isJsonObject(value)) return 'an object'
  if (isJsonArray(value)) return 'a list'
  return typeof value === 'string' ? `the text ${shown(value)}` : shown(value)
}

function shown(value: JsonValue): string {
  const text = plainText(value)
  const cut = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
  return typeof value === 'string' ? `"${cut}"` : cut
}

function shownName(name: string): string {
  return name.length > SHOWN_MAX ? `${name.slice(0, SHOWN_MAX)}…` : name
}
