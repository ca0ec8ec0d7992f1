import { member } from '../../base/json.ts'
import { findToldId } from '../../model/find-told-id.ts'
import type { RecordsLocation, SavedForm } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { listedSchemas } from '../schema/schema-keywords.ts'
import { viewItems, viewSchema } from '../schema/view-schema.ts'
import { isSuccess, isType } from './compile-answer.ts'
import { followSchema } from './follow-schema.ts'
import type { DeclaredAnswer, MappingContext } from './types.ts'

/** How many `allOf` inside each other are looked through for the schema of the type. */
const PARTS_DEPTH_MAX = 8

/** What the answers to a save show, by their statuses, and what the expected one has instead of the type. */
export type SavedAnswers = {
  readonly forms: { readonly [status: string]: SavedForm } | null
  /** The schema of an expected answer that is something else; null for any other form. */
  readonly other: LocatedSchema | null
}

const NONE: SavedAnswers = { forms: null, other: null }

/** Decides what each declared 2xx answer to a save shows, by its schema at the place of the records. */
export function compileSavedAnswers(
  context: MappingContext,
  records: RecordsLocation
): SavedAnswers {
  const { mapping, endpoint } = context
  if (mapping.verb !== 'save' && mapping.verb !== 'update') return NONE
  const declared = endpoint.answers.filter(
    answer => isSuccess(answer.status) || answer === endpoint.primary
  )
  const forms = declared.map(answer => {
    return [answer.status.toUpperCase(), formOf(context, answer, records)] as const
  })
  const { primary } = endpoint
  const isOther = primary !== undefined && formOf(context, primary, records) === 'other'
  return { forms: Object.fromEntries(forms), other: (isOther && primary.schema) || null }
}

function formOf(
  context: MappingContext,
  { schema, isText }: DeclaredAnswer,
  records: RecordsLocation
): SavedForm {
  const { compilation, mapping } = context
  if (schema === undefined) return isText ? 'id' : 'unknown'
  const path = records.at === 'path' ? records.path : ''
  const way = followSchema(compilation, schema, path)
  if (way === undefined) return 'unknown'
  const { view, located: place } = way
  if (view.kind !== 'array') return formAt(context, place, view)
  const item = viewItems(compilation, view)
  if (item === undefined || view.items === null) return 'unknown'
  const form = formAt(context, view.items, item)
  // A list of ids answers a batch.
  return form === 'id' && mapping.extension.batch === undefined ? 'other' : form
}

function formAt(context: MappingContext, place: LocatedSchema, view: SchemaView): SavedForm {
  const { compilation, draft } = context
  const { kind, properties, choices, mapValues } = view
  if (isOfType(context, view)) return 'object'
  if (kind === 'string' || kind === 'integer' || kind === 'number') return 'id'
  if (choices.length > 0) {
    const some = choices.some(choice => isOfType(context, viewSchema(compilation, choice)))
    return some ? 'object' : 'other'
  }
  if (kind === 'any' || kind === 'mixed') return 'unknown'
  // What is declared elsewhere, under its own name, is something else, whatever it shares.
  if (kind !== 'object' || view.at !== place.at || refers(view)) return 'other'
  if (properties.size === 0) return mapValues === null ? 'unknown' : 'other'
  const own = new Set(draft.properties.flatMap(({ key }) => key ?? []))
  const shared = [...properties.keys()].filter(name => own.has(name))
  return shared.length * 2 >= properties.size ? 'object' : 'other'
}

/** Whether a schema combines others that it refers to. */
function refers({ node, at }: SchemaView): boolean {
  const parts = listedSchemas(node, 'allOf', at).map(({ schema }) => schema)
  return [node, ...parts].some(part => member(part, '$ref') !== undefined)
}

/** Whether a schema is that of the type, or extends it. */
function isOfType(context: MappingContext, view: SchemaView | undefined, depth = 0): boolean {
  const { compilation, draft } = context
  if (view === undefined || depth > PARTS_DEPTH_MAX) return false
  if (isType(compilation, draft, view)) return true
  const { node, at } = view
  const target = node.$ref === undefined ? undefined : compilation.resolve(node, at)
  const parts = listedSchemas(node, 'allOf', at)
  const under = target === undefined ? parts : [...parts, { schema: target.value, at: target.at }]
  return under.some(part => isOfType(context, viewSchema(compilation, part), depth + 1))
}

/** The dotted path of the member by which a schema tells the id of an object; null for none. */
export function toldIdIn(
  compilation: Compilation,
  schema: LocatedSchema,
  toldIds: readonly string[]
): string | null {
  const membersOf = (located: LocatedSchema): Iterable<readonly [string, LocatedSchema]> | null =>
    viewSchema(compilation, located)?.properties ?? null
  const read = (located: LocatedSchema, path: readonly string[]): string | null => {
    const { kind } = viewSchema(compilation, located) ?? { kind: 'any' }
    return kind === 'string' || kind === 'integer' || kind === 'number' ? path.join('.') : null
  }
  return findToldId(toldIds, schema, membersOf, read)
}
