import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject } from '../../base/json.ts'
import { plainName } from '../../base/plain-name.ts'
import type { ExampleTable } from '../../model/example-record.ts'
import type { MappingRecord } from '../../model/mapping-record.ts'
import type { IdentityRecord } from '../../model/type-record.ts'
import type { Compilation } from '../compilation.ts'
import { followSchema } from '../endpoint/follow-schema.ts'
import type { CompiledEndpoint } from '../endpoint/types.ts'
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
type TableMapping = { readonly record: MappingRecord; readonly endpoint: CompiledEndpoint }

/**
 * The example objects of a type, the same for all of its mappings (docs/x-flow.md#example-tables). Value by value
 * they come from the example of the type, its parts and its properties, that of a path parameter, `default`, `const`
 * and `enum`, or are generated. Null for a type without a mapping with `example`.
 */
export function compileTable(
  compilation: Compilation,
  draft: TypeDraft,
  identity: IdentityRecord,
  mappings: readonly TableMapping[]
): ExampleTable | null {
  const { view, named } = draft
  if (view === null || !mappings.some(({ record }) => record.example !== null)) return null
  const own = named === null ? [] : typeExamples(compilation, named, view)
  const listed = rowsOfList(compilation, mappings)
  const idPaths = idsOf(identity)
  const idShown = exampleAt(compilation, view, idPaths[0] ?? [])
  const parameters = parameterExamples(compilation, view, idPaths[0]?.[0], mappings)
  // Several rows cannot have one id.
  const shown = own.length > 0 ? own : rowWithId(idPaths[0], idShown ?? parameters.id)
  const isKnown = own.length > 0 || idShown !== undefined
  const size = isKnown ? Math.max(shown.length, listed.minimum) : listed.usual
  const rows = Math.min(size, ROWS_MAX)
  const isId = (path: readonly string[]): boolean => idPaths.some(id => isSamePath(id, path))
  const made = compileMadeTable(compilation, draft, {
    rows,
    ids: idPaths,
    declared: (located, inner, path) =>
      isId(path)
        ? undefined
        : (exampleOfSchema(compilation, located, inner) ??
          (path.length === 1 ? parameters.values.get(path[0] ?? '') : undefined))
  })
  return {
    rows: shown.slice(0, rows),
    count: made === undefined ? Math.min(shown.length, rows) : rows,
    always: [...new Set([...idPaths.map(([key = '']) => key), ...alwaysIn(compilation, view)])],
    ...(made !== undefined && { made })
  }
}

/** The members that every object has in an answer. */
function alwaysIn(compilation: Compilation, view: SchemaView): string[] {
  return view.required.filter(key => {
    const held = view.properties.get(key)
    return held !== undefined && viewSchema(compilation, held)?.writeOnly !== true
  })
}

/** The places of the parts of an id, or of its likeliest member. */
function idsOf({ composite, candidates }: IdentityRecord): readonly (readonly string[])[] {
  return composite?.map(({ path }) => path) ?? candidates.slice(0, 1)
}

function isSamePath(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index])
}

/**
 * The examples of a schema, over those of its `allOf` parts: later parts win, the schema's own over all
 * of them.
 */
function typeExamples(
  compilation: Compilation,
  located: LocatedSchema,
  view: SchemaView
): readonly JsonObject[] {
  const found = examplesInParts(compilation, located, view, [])
  return found.filter(isJsonObject)
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
  const beside = target.at === at ? [] : examplesOfSchema(compilation, { schema, at }, noneBeside(due))
  return laidOver(merged, beside)
}

/** A view that has no example itself, so that only the given schema is asked. */
function noneBeside(view: SchemaView): SchemaView {
  const { example, examples, ...node } = view.node
  return example === undefined && examples === undefined ? view : { ...view, node }
}

/** Rows over others; a single row is laid over each of several. */
function laidOver(
  under: readonly JsonValue[],
  over: readonly JsonValue[]
): readonly JsonValue[] {
  if (under.length === 0 || over.length === 0) return over.length === 0 ? under : over
  const rows = Math.max(under.length, over.length)
  return Array.from({ length: rows }, (_, index) => {
    const [one, other] = [under[index] ?? under[0], over[index] ?? over[0]]
    return isJsonObject(one) && isJsonObject(other) ? { ...one, ...other } : (other ?? null)
  })
}

/** The example of a property, by its path. */
function exampleAt(
  compilation: Compilation,
  view: SchemaView,
  path: readonly string[]
): JsonValue | undefined {
  let held: SchemaView | undefined = view
  let located: LocatedSchema | undefined
  for (const key of path) {
    located = held?.properties.get(key)
    held = located && viewSchema(compilation, located)
  }
  return located && held && exampleOfSchema(compilation, located, held)
}

function rowWithId(path: readonly string[] | undefined, value: JsonValue | undefined): JsonValue[] {
  if (path === undefined || value === undefined) return []
  return [path.reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value)]
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
  return { minimum, usual: Math.min(Math.max(ROWS_USUAL, minimum), maximum) }
}

/** What parameters say of the objects of a type. */
type ParameterExamples = {
  /** The example of the path parameter that the id fills. */
  readonly id: JsonValue | undefined
  /** By member. */
  readonly values: ReadonlyMap<string, JsonValue>
}

/**
 * The examples of parameters for members of the same name: those of the path say what an object holds; others only
 * where the document shows more of the object, and if they fit the member.
 */
function parameterExamples(
  compilation: Compilation,
  view: SchemaView,
  idKey: string | undefined,
  mappings: readonly TableMapping[]
): ParameterExamples {
  const values = new Map<string, JsonValue>()
  const others = new Map<string, JsonValue>()
  let id: JsonValue | undefined
  for (const { record, endpoint } of mappings) {
    if (record.example === null) continue
    for (const [name, { value, at }] of endpoint.given) {
      const shown = value && exampleOfParameter(compilation, value, at)
      if (value === undefined || shown === undefined || isJsonArray(shown)) continue
      const parameter = String(value.name)
      const isPath = name.startsWith('path ')
      const holdsId = record.bindings.some(
        binding =>
          binding.in === 'path' &&
          binding.name === parameter &&
          binding.sources.some(source => source.from === 'id' && source.part === null)
      )
      const key = holdsId && isPath ? idKey : memberNamed(view, parameter)
      if (key === undefined || !fitsMember(compilation, view, key, shown)) continue
      if (isPath && key === idKey) id ??= shown
      else if (isPath) values.set(key, shown)
      else if (key !== idKey) others.set(key, shown)
    }
  }
  const isShown = [...view.properties.values()].some(
    held => exampleOfSchema(compilation, held) !== undefined
  )
  return { id, values: isShown ? new Map([...others, ...values]) : values }
}

function memberNamed({ properties }: SchemaView, parameter: string): string | undefined {
  if (properties.has(parameter)) return parameter
  const plain = plainName(parameter)
  return [...properties.keys()].find(key => plainName(key) === plain)
}

function fitsMember(
  compilation: Compilation,
  view: SchemaView,
  key: string,
  value: JsonValue
): boolean {
  const held = view.properties.get(key)
  const member = held && viewSchema(compilation, held)
  return member !== undefined && misfitOf(value, member) === null
}
