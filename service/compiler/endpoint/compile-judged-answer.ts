import { sharesFolded } from '../../base/letter-case.ts'
import { listFirst } from '../../base/list-first.ts'
import type { AnswerRecord, RecordsLocation } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewAlternatives, viewItems, viewSchema } from '../schema/view-schema.ts'
import { valuesOf } from './find-places.ts'
import { followSchema } from './follow-schema.ts'
import type { MappingContext } from './types.ts'

/** How many members one diagnostic lists. */
const SHOWN_MAX = 5

/** What the schema of an answer says to judge answers by (docs/x-flow.md#what-an-answer-is). */
export type JudgedAnswer = {
  readonly record: Pick<AnswerRecord, 'list'>
  /** What the schema has instead of the type where its objects are; null if it has some of the type. */
  readonly foreign: string | null
}

const NOTHING_KNOWN: JudgedAnswer = { record: { list: null }, foreign: null }

type RecordsPath = Extract<RecordsLocation, { at: 'path' }>

/** Compiles what the schema of an answer says about the place of the records. */
export function compileAnswer(context: MappingContext, records: RecordsLocation): JudgedAnswer {
  const { compilation, endpoint } = context
  const schema = endpoint.primary?.schema
  if (schema === undefined || records.at !== 'path') return NOTHING_KNOWN
  const way = followSchema(compilation, schema, records.path)
  if (way === undefined) return NOTHING_KNOWN
  const held = viewAlternatives(compilation, way.view)
  const isList = records.areEntries === true || held.some(({ kind }) => kind === 'array')
  const list = isList && way.steps.length > 0 ? way.steps : null
  return { record: { list }, foreign: foreignOf(context, records, way.view) }
}

/** What an answer has instead of objects of the type; null for nothing, or where it does not matter. */
function foreignOf(
  { compilation, draft, mapping }: MappingContext,
  { item, areEntries }: RecordsPath,
  at: SchemaView
): string | null {
  const { verb } = mapping
  const values = areEntries === true ? valuesOf(compilation, at) : at
  const around = values?.kind === 'array' ? viewItems(compilation, values) : values
  const inside = item === undefined ? undefined : around?.properties.get(item)
  const view = inside === undefined ? around : viewSchema(compilation, inside)
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
