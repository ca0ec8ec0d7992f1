import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject } from '../../base/json.ts'
import { locationText } from '../../parse/links.ts'
import type { Compilation } from '../compilation.ts'
import { annotate, mergePart } from './merge-keywords.ts'
import { readKeywords } from './read-keywords.ts'
import { resolveChoices } from './resolve-choices.ts'
import { addsNothing, listedSchemas } from './schema-keywords.ts'
import type { LocatedSchema, SchemaView, Views, Walk } from './schema-view.ts'

/** How many schemas one view combines, and how deeply nested; real ones need a few. */
const STEPS_MAX = 2_000
const DEPTH_MAX = 200

/** Views of each compilation: as seen from outside, and those that are the same inside of any other schema. */
const cache = new WeakMap<Compilation, { readonly outside: Views; readonly anywhere: Views }>()

/** Resolves a schema; undefined, with a diagnostic, where it cannot be read. */
export function viewSchema(
  compilation: Compilation,
  located: LocatedSchema
): SchemaView | undefined {
  const known = cache.get(compilation) ?? { outside: new Map(), anywhere: new Map() }
  cache.set(compilation, known)
  const key = keyOf(located)
  if (known.outside.has(key)) return known.outside.get(key)
  const walk: Walk = {
    compilation,
    known: known.anywhere,
    around: new Set(),
    view: inner => view(walk, inner),
    choices: 0,
    steps: 0,
    cuts: 0
  }
  const seen = view(walk, located)
  known.outside.set(key, seen)
  return seen
}

/** Resolves the items of a list; undefined for anything else, and for a list of anything. */
export function viewItems(
  compilation: Compilation,
  { kind, items }: SchemaView
): SchemaView | undefined {
  return kind === 'array' && items !== null ? viewSchema(compilation, items) : undefined
}

/**
 * The schemas of which a value fits one: the choices of a schema that has some, else the schema itself.
 * Alternatives of several kinds count too, as of a list and an error.
 */
export function viewAlternatives(compilation: Compilation, view: SchemaView): SchemaView[] {
  const listed = view.kind === 'mixed' ? view.alternatives : view.choices
  if (listed.length === 0) return [view]
  const found = listed.flatMap(choice => viewSchema(compilation, choice) ?? [])
  return view.properties.size > 0 ? [view, ...found] : found
}

/** The only value that a schema allows; undefined where it allows null or several. */
export function onlyValue(view: SchemaView | undefined): JsonValue | undefined {
  return view?.allowed?.length === 1 && !view.nullable ? view.allowed[0] : undefined
}

/** What several parts declare is another schema than its last declaration alone. */
function keyOf(located: LocatedSchema): Pointer | LocatedSchema {
  return located.under === undefined ? located.at : located
}

function view(walk: Walk, located: LocatedSchema): SchemaView | undefined {
  const { at } = located
  const { around, compilation } = walk
  const key = keyOf(located)
  if (walk.known.has(key)) return walk.known.get(key)
  if (around.has(key)) {
    walk.cuts++
    // Choices that extend their parent by `allOf` are a common form, and no fault.
    if (walk.choices === 0) compilation.report.add('REF_CYCLE', at, { ref: locationText(at) })
    return undefined
  }
  if (++walk.steps > STEPS_MAX || around.size >= DEPTH_MAX || !compilation.afford(1)) {
    walk.cuts++
    const reason = 'it combines too many schemas'
    if (walk.steps <= STEPS_MAX + 1) compilation.report.add('SCHEMA_MALFORMED', at, { reason })
    return undefined
  }
  const cutsBefore = walk.cuts
  around.add(key)
  const seen =
    located.under === undefined
      ? viewParts(walk, located)
      : viewDeclarations(walk, located, located.under)
  around.delete(key)
  // A view with cuts depends on the schema from which it was reached.
  if (walk.cuts === cutsBefore) walk.known.set(key, seen)
  return seen
}

/** A property that several parts declare: later ones add keywords and override them. */
function viewDeclarations(
  walk: Walk,
  { schema, at }: LocatedSchema,
  under: LocatedSchema
): SchemaView | undefined {
  const base = view(walk, under)
  if (base !== undefined && addsNothing(schema)) return annotate(base, schema)
  const over = view(walk, { schema, at })
  if (over === undefined || over.at === base?.at) return over ?? base
  return mergePart(walk, base, over)
}

/** A schema merged with what it refers to and combines; that alone where the schema adds nothing. */
function viewParts(walk: Walk, located: LocatedSchema): SchemaView | undefined {
  const { at } = located
  const { is30, report } = walk.compilation
  const schema = located.schema === true ? {} : located.schema
  if (schema === false) return undefined
  if (!isJsonObject(schema)) {
    report.add('SCHEMA_MALFORMED', at, { reason: 'it is not an object' })
    return undefined
  }
  const ref = schema.$ref ?? schema.$dynamicRef
  const refers = ref !== undefined
  if (refers && typeof ref !== 'string') {
    report.add('SCHEMA_MALFORMED', at, { reason: 'its `$ref` is not a string' })
    return undefined
  }
  if (refers && is30) {
    const found = viewTarget(walk, schema, at)
    const isOwn = Object.keys(schema).some(key => key.startsWith('x-flow-'))
    return found && { ...annotate(found, schema), ...(isOwn && { at, node: schema }) }
  }
  const parts = listedSchemas(schema, 'allOf', at)
  const solid = parts.filter(part => !addsNothing(part.schema))
  if (
    solid.length + Number(refers) === 1 &&
    addsNothing(schema, ['$ref', '$dynamicRef', 'allOf'])
  ) {
    const [only] = solid
    const found = only === undefined ? viewTarget(walk, schema, at) : view(walk, only)
    const beside = parts.filter(part => part !== only).map(part => part.schema)
    return found && [...beside, schema].reduce<SchemaView>(annotate, found)
  }
  let under = refers ? viewTarget(walk, schema, at) : undefined
  for (const part of parts) {
    const over = view(walk, part)
    under = over === undefined ? under : mergePart(walk, under, over)
  }
  return mergePart(walk, under, resolveChoices(walk, readKeywords(walk, schema, at)))
}

/** Resolves a `$ref` or `$dynamicRef`; undefined, with a diagnostic, where it leads nowhere. */
function viewTarget(walk: Walk, schema: JsonObject, at: Pointer): SchemaView | undefined {
  const { $ref, $dynamicRef: dynamic } = schema
  if ($ref === undefined && typeof dynamic === 'string') walk.compilation.judgeDynamic(dynamic, at)
  const target = walk.compilation.resolve({ $ref: schema.$ref ?? schema.$dynamicRef ?? '' }, at)
  return target && view(walk, { schema: target.value, at: target.at })
}
