import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject } from '../../base/json.ts'
import { plainName } from '../../base/plain-name.ts'
import type { ExampleTable } from '../../model/example-record.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import type { IdentityRecord } from '../../model/type-record.ts'
import type { Compilation } from '../compilation.ts'
import { followSchema } from '../endpoint/follow-schema.ts'
import type { CompiledEndpoint } from '../endpoint/types.ts'
import { compileIdentity } from '../schema/compile-identity.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import { listedSchemas } from '../schema/schema-keywords.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import { compileMadeTable } from './compile-made-example.ts'
import { misfitOf } from './example-fit.ts'
import { count } from './made-value-schema.ts'
import { exampleOfParameter, exampleOfSchema, examplesOfSchema } from './read-example.ts'

/** Rows of a table where the schema of the list does not say how many. */
const ROWS_USUAL = 5

/** Most rows of a table, whatever `minItems` says. */
const ROWS_MAX = 20

/** How many schemas of an `allOf`, inside each other, are asked for examples. */
const PARTS_DEPTH = 10

/** A mapping of the type, and its endpoint. */
type TableMapping = {
  readonly record: MappingRecord
  readonly endpoint: Pick<CompiledEndpoint, 'given' | 'primary'>
}

type TableScope = {
  readonly identity: IdentityRecord
  readonly mappings: readonly TableMapping[]
  /** All types of the document by name. */
  readonly types: ReadonlyMap<string, TypeDraft>
}

/**
 * The example objects of a type, the same for all of its mappings (docs/x-flow.md#example-tables). Value by value
 * they come from the example of the type, its parts and its properties, that of a path parameter, `default`, `const`
 * and `enum`, or are generated. Null for a type without a mapping with `example`.
 */
export function compileTable(
  compilation: Compilation,
  draft: TypeDraft,
  { identity, types, mappings }: TableScope
): ExampleTable | null {
  const { view } = draft
  if (view === null || !mappings.some(({ record }) => record.example !== null)) return null
  const own = typeExamples(compilation, draft, view)
  const ids = idsOf(identity)
  const id = view.properties.get(ids[0] ?? '')
  const idShown = id === undefined ? [] : examplesOfSchema(compilation, id)
  const parameters = parameterExamples(compilation, view, ids[0], mappings)
  const listed = rowsOfList(compilation, mappings)
  // Several rows cannot have one id.
  const shown = Math.max(own.length, idShown.length)
  const rows = Math.min(shown > 0 ? Math.max(shown, listed.minimum) : listed.usual, ROWS_MAX)
  const located = locatedType(compilation, draft, view)
  const made =
    located &&
    compileMadeTable(compilation, located, {
      type: draft.name,
      rows,
      ids,
      idOf: name => idOfType(compilation, types, name),
      declared: (held, inner) => {
        const values = examplesOfSchema(compilation, held, inner)
        const parameter = parameters.get(held.at)
        return values.length > 0 || parameter === undefined ? values : [parameter]
      }
    })
  return {
    rows: own.slice(0, rows),
    count: made === undefined ? Math.min(own.length, rows) : rows,
    always: [...new Set([...ids, ...alwaysIn(compilation, view)])],
    ...(made !== undefined && { made })
  }
}

/** The schema of the objects of a type; undefined where it was inferred from an example, which shows all. */
function locatedType(
  compilation: Compilation,
  { named }: TypeDraft,
  view: SchemaView
): LocatedSchema | undefined {
  const own = { schema: view.node, at: view.at }
  const isOwn = named !== null && viewSchema(compilation, named)?.at === view.at
  const located = isOwn ? named : own
  const isInferred = viewSchema(compilation, located)?.properties.size !== view.properties.size
  return isInferred ? undefined : located
}

const folded = new WeakMap<TableScope['types'], ReadonlyMap<string, TypeDraft>>()

/** The types of a document by their names in lower case. */
function foldedTypes(types: TableScope['types']): ReadonlyMap<string, TypeDraft> {
  const known = folded.get(types)
  if (known !== undefined) return known
  const byName = new Map([...types].map(([name, draft]) => [name.toLowerCase(), draft]))
  folded.set(types, byName)
  return byName
}

/** The property that identifies the objects of a type, by the name of the type in any case. */
function idOfType(
  compilation: Compilation,
  types: ReadonlyMap<string, TypeDraft>,
  name: string
): LocatedSchema | undefined {
  const draft = foldedTypes(types).get(name.toLowerCase())
  if (draft?.view == null) return undefined
  const [key] = idsOf(compileIdentity(compilation, draft, []))
  return key === undefined ? undefined : draft.view.properties.get(key)
}

/** The members that every object has in an answer. */
function alwaysIn(compilation: Compilation, view: SchemaView): string[] {
  return view.required.filter(key => {
    const held = view.properties.get(key)
    return held !== undefined && viewSchema(compilation, held)?.writeOnly !== true
  })
}

/** The members that hold the parts of an id, or its likeliest one. */
function idsOf({ composite, candidates }: IdentityRecord): readonly string[] {
  const paths = composite?.map(({ path }) => path) ?? candidates.slice(0, 1)
  return paths.flatMap(([key = '', ...inner]) => (inner.length === 0 ? [key] : []))
}

/**
 * The examples of a schema, over those of its `allOf` parts: later parts win, the schema's own over all
 * of them.
 */
function typeExamples(
  compilation: Compilation,
  { named }: TypeDraft,
  view: SchemaView
): readonly JsonObject[] {
  const own = { schema: view.node, at: view.at }
  const places = named === null || named.at === view.at ? [own] : [named, own]
  return places
    .map(place => examplesInParts(compilation, place, view, []).filter(isJsonObject))
    .reduce((rows, others) => (rows.length > 0 ? rows : others), [])
}

function examplesInParts(
  compilation: Compilation,
  { schema, at }: LocatedSchema,
  due: SchemaView,
  around: readonly Pointer[]
): readonly JsonValue[] {
  if (around.length >= PARTS_DEPTH || around.includes(at) || !compilation.afford(1)) return []
  const target = compilation.peek(schema, at)
  const node = target?.value
  if (target === undefined || !isJsonObject(node)) return []
  const inside = [...around, at]
  const own = examplesOfSchema(compilation, { schema: node, at: target.at }, noneBeside(due))
  const parts = listedSchemas(node, 'allOf', target.at)
  const under = parts.reduce<readonly JsonValue[]>(
    (rows, part) => laidOver(rows, examplesInParts(compilation, part, due, inside)),
    []
  )
  const merged = laidOver(under, own)
  const beside =
    target.at === at ? [] : examplesOfSchema(compilation, { schema, at }, noneBeside(due))
  return laidOver(merged, beside)
}

/** A view that has no example itself, so that only the given schema is asked. */
function noneBeside(view: SchemaView): SchemaView {
  const { example, examples, ...node } = view.node
  return example === undefined && examples === undefined ? view : { ...view, node }
}

/** Rows over others; a single row is laid over each of several. */
function laidOver(under: readonly JsonValue[], over: readonly JsonValue[]): readonly JsonValue[] {
  if (under.length === 0 || over.length === 0) return over.length === 0 ? under : over
  const rows = Math.max(under.length, over.length)
  return Array.from({ length: rows }, (_, index) => {
    const [one, other] = [under[index] ?? under[0], over[index] ?? over[0]]
    return isJsonObject(one) && isJsonObject(other) ? { ...one, ...other } : (other ?? null)
  })
}

/** How many rows the list of a type has: as its schema says, else the usual number. */
function rowsOfList(
  compilation: Compilation,
  mappings: readonly TableMapping[]
): { readonly minimum: number; readonly usual: number } {
  const query = mappings.find(({ record }) => record.verb === 'query')
  const schema = query?.endpoint.primary?.schema
  const { records } = query?.record ?? {}
  const path = records?.at === 'path' ? records.path : ''
  const place = schema && followSchema(compilation, schema, path)
  const keywords = place?.view.kind === 'array' ? place.view.keywords : {}
  const minimum = count(keywords, 'minItems') ?? 0
  const maximum = count(keywords, 'maxItems') ?? ROWS_MAX
  // One item at least is no wish for one item.
  return { minimum, usual: Math.min(minimum > 1 ? minimum : ROWS_USUAL, maximum) }
}

/**
 * The examples of parameters for members of the same name, by the pointers of these: those of the path say what an
 * object holds; others only where the document shows more of the object, and if they fit the member.
 */
function parameterExamples(
  compilation: Compilation,
  view: SchemaView,
  idKey: string | undefined,
  mappings: readonly TableMapping[]
): ReadonlyMap<Pointer, JsonValue> {
  const values = new Map<Pointer, JsonValue>()
  const others = new Map<Pointer, JsonValue>()
  for (const { record, endpoint } of mappings) {
    if (record.example === null) continue
    for (const [name, { value, at }] of endpoint.given) {
      const shown = value && exampleOfParameter(compilation, value, at)
      if (value === undefined || shown === undefined) continue
      const parameter = String(value.name)
      const isPath = name.startsWith('path ')
      const holdsId = record.bindings.some(
        binding =>
          binding.in === 'path' &&
          binding.name === parameter &&
          binding.sources.some(source => source.from === 'id' && source.part === null)
      )
      const key = holdsId && isPath ? idKey : memberNamed(view, parameter)
      const held = key === undefined ? undefined : view.properties.get(key)
      const inner = held && viewSchema(compilation, held)
      if (held === undefined || inner === undefined || misfitOf(shown, inner) !== null) continue
      if (isPath && !values.has(held.at)) values.set(held.at, shown)
      else if (!isPath && key !== idKey) others.set(held.at, shown)
    }
  }
  const isShown = [...view.properties.values()].some(
    held => exampleOfSchema(compilation, held) !== undefined
  )
  return isShown ? new Map([...others, ...values]) : values
}

function memberNamed({ properties }: SchemaView, parameter: string): string | undefined {
  if (properties.has(parameter)) return parameter
  const plain = plainName(parameter)
  return [...properties.keys()].find(key => plainName(key) === plain)
}
