import { listFirst } from '../../base/list-first.ts'
import type { RecordsLocation } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import type { SchemaView } from '../schema/view-schema.ts'
import { viewSchema } from '../schema/view-schema.ts'
import { isType } from './compile-answer.ts'
import { followSchema } from './follow-schema.ts'
import type { Place } from './find-places.ts'
import { findPlaces, placeOf } from './find-places.ts'
import type { MappingContext } from './types.ts'

/** How many places a diagnostic names. */
const NAMED_MAX = 3

const ROOT: RecordsLocation = { at: 'path', path: '' }

/**
 * Decides where an answer has the objects (docs/x-flow.md#records): as `records` declares, else by the
 * answer's schema, else searched in each answer. What is inferred is a diagnostic.
 */
export function compileRecords(context: MappingContext): RecordsLocation {
  const { compilation, draft, mapping, endpoint } = context
  const schema = endpoint.primary?.schema
  const view = schema && viewSchema(compilation, schema)
  const declared = mapping.extension.records
  const reads = isRead(mapping.verb)
  if (declared !== undefined) {
    const held = schema && followSchema(compilation, schema, declared)?.view
    return { at: 'path', path: declared, ...(reads && formAt(context, held)) }
  }
  if (view === undefined || view.kind === 'any') return reads ? { at: 'search' } : ROOT
  if (isType(compilation, draft, view)) return ROOT
  const { places, isOpen } = findPlaces(compilation, draft, view)
  const candidates = reads ? ofRead(places, mapping.verb === 'load') : ofWrite(places)
  const [place, another] = candidates
  if (place === undefined || (isGuess(place) && isOpen))
    return reads && isOpen ? { at: 'search' } : ROOT
  const holes = { key: mapping.key, type: draft.name }
  if (another !== undefined) {
    if (!reads) return ROOT
    const named = listFirst(candidates.map(placeWords), NAMED_MAX, words => words)
    compilation.report.add('RECORDS_AMBIGUOUS', mapping.at, { ...holes, places: named })
    return isGuess(place) ? { at: 'search' } : { at: 'undecided', between: candidates.map(pathOf) }
  }
  const location: RecordsLocation = { at: 'path', path: pathOf(place), ...formOf(place) }
  if (place.path.length > 0 || place.item !== null || place.form === 'map') {
    const words = `${placeWords(place)} of the answer`
    compilation.report.add('RECORDS_INFERRED', mapping.at, { ...holes, place: words })
  }
  return location
}

/** Nothing in the schema of the place says that it has objects of the type. */
function isGuess({ likeness }: Place): boolean {
  return likeness === 'other'
}

/** The places of the best kind: lists before objects, and what is surely of the type before the rest. */
function ofRead(places: readonly Place[], isLoad: boolean): readonly Place[] {
  const lists = (...wanted: readonly Place['likeness'][]) =>
    places.filter(({ form, likeness }) => form !== 'object' && wanted.includes(likeness))
  const objects = (...wanted: readonly Place['likeness'][]) =>
    places.filter(({ form, likeness }) => form === 'object' && wanted.includes(likeness))
  const alike = [lists('alike'), objects('alike')]
  const kinds = [
    ...[lists('own'), objects('own'), lists('among'), objects('among')],
    ...(isLoad ? alike.toReversed() : alike),
    ...[lists('open'), lists('other')]
  ]
  return kinds.find(({ length }) => length > 0) ?? []
}

function ofWrite(places: readonly Place[]): readonly Place[] {
  const own = places.filter(({ likeness, item }) => likeness === 'own' && item === null)
  const lists = own.filter(({ form }) => form === 'list')
  return lists.length > 0 ? lists : own.filter(({ form }) => form === 'object')
}

type PlaceForm = Pick<Extract<RecordsLocation, { at: 'path' }>, 'item' | 'areEntries'>

function formOf({ item, form }: Omit<Place, 'path'>): PlaceForm {
  return { ...(item !== null && { item }), ...(form === 'map' && { areEntries: true }) }
}

/** The form of a place that a mapping declares. */
function formAt({ compilation, draft }: MappingContext, view: SchemaView | undefined): PlaceForm {
  const place = view === undefined ? null : placeOf(compilation, draft, view)
  return place === null ? {} : formOf(place)
}

function pathOf({ path }: Place): string {
  return path.map(key => key.replaceAll('.', '\\.')).join('.')
}

/** A place in words: `"data.edges[].node"`, `the map "users"`. */
function placeWords({ path, form, item }: Place): string {
  const shown = `"${path.join('.')}${item === null ? '' : `[].${item}`}"`
  if (form === 'map') return path.length === 0 ? 'the map' : `the map ${shown}`
  return path.length === 0 && item === null ? 'the whole' : shown
}
