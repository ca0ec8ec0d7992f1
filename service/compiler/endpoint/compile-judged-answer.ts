import { splitPath } from '../../base/dotted-path.ts'
import { sharesFolded } from '../../base/letter-case.ts'
import { listFirst } from '../../base/list-first.ts'
import type { AnswerRecord, AnswerStep, RecordsLocation } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import type { LocatedSchema, SchemaView } from '../schema/view-schema.ts'
import { viewItems, viewSchema } from '../schema/view-schema.ts'
import type { MappingContext } from './types.ts'

/** How many members one diagnostic lists. */
const SHOWN_MAX = 5

/** What the schema of an answer says to judge answers by (docs/x-flow.md#what-an-answer-is). */
export type JudgedAnswer = {
  readonly record: Pick<AnswerRecord, 'list'>
  /** What the schema has instead of the type where its objects are; null if it has some of the type. */
  readonly foreign: string | null
}

/** Compiles what the schema of an answer says about the place of the records. */
export function compileAnswer(context: MappingContext, records: RecordsLocation): JudgedAnswer {
  const { compilation, endpoint } = context
  const schema = endpoint.primary?.schema
  const way = schema && records.at === 'path' ? wayTo(compilation, schema, records.path) : undefined
  if (way === undefined) return { record: { list: null }, foreign: null }
  const isList = way.view.kind === 'array' && way.steps.length > 0
  return { record: { list: isList ? way.steps : null }, foreign: foreignOf(context, way.view) }
}

type Way = { readonly steps: readonly AnswerStep[]; readonly view: SchemaView }

/** Follows a dotted path through the schema of an answer; undefined where the schema does not show it. */
function wayTo(compilation: Compilation, schema: LocatedSchema, path: string): Way | undefined {
  let view = viewSchema(compilation, schema)
  const steps: AnswerStep[] = []
  const keys = view?.properties.has(path) === true ? [path] : splitPath(path)
  for (const [index, key] of keys.entries()) {
    const located = view?.properties.get(key)
    const held = located && viewSchema(compilation, located)
    if (view === undefined || held === undefined) return undefined
    // What leads to the list may be null where the schema says so.
    const mayBeNull = index < keys.length - 1 && held.nullable
    const required = view.required.includes(key) && !mayBeNull
    steps.push({ key, required, members: [...view.properties.keys()] })
    view = held
  }
  return view && { steps, view }
}

/** What an answer has instead of objects of the type; null for nothing, or where it does not matter. */
function foreignOf({ compilation, draft, mapping }: MappingContext, at: SchemaView): string | null {
  const { verb } = mapping
  const view = at.kind === 'array' ? viewItems(compilation, at) : at
  const names = draft.properties.flatMap(property => property.key ?? [])
  if (verb === 'delete' || names.length === 0 || view === undefined) return null
  // A write may be answered by the id alone.
  const mayBeId = !isRead(verb) && (view.kind !== 'object' || hasId(view))
  return mayBeId ? null : foreignWords(view, names)
}

/** What a schema has instead of the members of a type; null if it has some of them or may have. */
function foreignWords(view: SchemaView, names: readonly string[]): string | null {
  const { kind, properties, mapValues, choices } = view
  if (kind !== 'object') {
    return kind === 'any' || kind === 'array' || kind === 'mixed' ? null : `values of kind ${kind}`
  }
  const isOpen = properties.size === 0 || mapValues !== null || choices.length > 0
  if (isOpen || names.some(name => properties.has(name))) return null
  const given = [...properties.keys()]
  const hint = sharesFolded(names, given) ? ' (in other letter case)' : ''
  return listFirst(given, SHOWN_MAX, name => `"${name}"`) + hint
}

function hasId({ properties }: SchemaView): boolean {
  return [...properties.keys()].some(name => name.toLowerCase().endsWith('id'))
}
