import { joinPath } from '../../base/dotted-path.ts'
import { listFirst } from '../../base/list-first.ts'
import type { MappingVerb, RecordsLocation } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import { listInExample } from '../example/place-in-example.ts'
import { isType } from './compile-answer.ts'
import { followSchema } from './follow-schema.ts'
import type { Form, FoundPlaces, Place } from './find-places.ts'
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
  if (view === undefined || view.kind === 'any') return reads ? placeByExample(context) : ROOT
  if (isType(compilation, draft, view)) return ROOT
  const found = findPlaces(compilation, draft, view)
  const { candidates, isSure } = reads ? ofRead(found, mapping.verb) : ofWrite(found)
  const [place, another] = candidates
  const holes = { key: mapping.key, type: draft.name }
  if (another !== undefined && reads) {
    const places = listFirst(candidates.map(placeWords), NAMED_MAX, words => words)
    compilation.report.add('RECORDS_AMBIGUOUS', mapping.at, { ...holes, places })
  }
  if (!isSure) return { at: 'search' }
  if (place === undefined || (another !== undefined && !reads)) return ROOT
  if (another !== undefined) return { at: 'undecided', between: candidates.map(pathOf) }
  if (place.path.length > 0 || place.item !== null || place.form === 'map') {
    const words = `${placeWords(place)} of the answer`
    compilation.report.add('RECORDS_INFERRED', mapping.at, { ...holes, place: words })
  }
  return { at: 'path', path: pathOf(place), ...formOf(place) }
}

/** The place that the examples of an answer show, which has no schema; else each answer is searched. */
function placeByExample({
  compilation,
  draft,
  mapping,
  endpoint
}: MappingContext): RecordsLocation {
  const { answers } = endpoint.example
  const { named = {}, body } = answers[endpoint.primary?.status ?? ''] ?? {}
  const shown = [body ?? null, ...Object.values(named)].flatMap(each => listInExample(each) ?? [])
  const paths = new Set(shown.map(({ path }) => joinPath(path)))
  const [path, another] = [...paths]
  const { verb, extension } = mapping
  // An API may answer otherwise. Where a load has an object, a list in it is a property.
  const isShown = Boolean(extension.example) && verb === 'query'
  if (!isShown || path === undefined || another !== undefined) return { at: 'search' }
  if (path !== '') {
    const place = `"${path}" of the answer`
    compilation.report.add('RECORDS_INFERRED', mapping.at, {
      ...{ key: mapping.key, type: draft.name, place }
    })
  }
  return { at: 'path', path }
}

/** The places to choose from, and whether the schema is enough to choose: else each answer is searched. */
type Choice = { readonly candidates: readonly Place[]; readonly isSure: boolean }

/**
 * The places of the best kind: the type itself before what is like it, before any list. Lists come first, but
 * for a load. What only resembles the type does not count where the schema leaves room for other lists.
 */
function ofRead({ places, mayHold }: FoundPlaces, verb: MappingVerb): Choice {
  const isLoad = verb === 'load'
  const kind = (likeness: Place['likeness'], isList: boolean): readonly Place[] => {
    const all = places.filter(
      place => place.likeness === likeness && (place.form !== 'object') === isList
    )
    const inside = all.filter(({ isBeside }) => !isBeside)
    return inside.length > 0 ? inside : all
  }
  const openLists = kind('open', true)
  const otherLists = kind('other', true)
  const isClosed = mayHold !== 'list' && openLists.length === 0
  for (const likeness of ['own', 'among', 'equal', 'alike'] as const) {
    for (const isList of isLoad ? [false, true] : [true, false]) {
      const candidates = kind(likeness, isList)
      if (candidates.length === 0) continue
      const isSure = isLoad || isClosed || (isList && likeness !== 'alike')
      return isSure ? { candidates, isSure } : { candidates: [], isSure }
    }
  }
  if (openLists.length > 0) {
    const isSure = openLists.length === 1 && mayHold !== 'list'
    return { candidates: isSure ? openLists : [], isSure }
  }
  if (otherLists.length === 1 && mayHold === null) return { candidates: otherLists, isSure: true }
  const isKnown = otherLists.length === 0 && mayHold === null
  return { candidates: mayHold === null ? otherLists : [], isSure: isKnown }
}

function ofWrite({ places }: FoundPlaces): Choice {
  const own = places.filter(({ likeness, item }) => likeness === 'own' && item === null)
  const lists = own.filter(({ form }) => form === 'list')
  const candidates = lists.length > 0 ? lists : own.filter(({ form }) => form === 'object')
  return { candidates, isSure: true }
}

type PlaceForm = Pick<Extract<RecordsLocation, { at: 'path' }>, 'item' | 'areEntries'>

function formOf({ item, form }: Form): PlaceForm {
  return { ...(item !== null && { item }), ...(form === 'map' && { areEntries: true }) }
}

/** The form of a place that a mapping declares. */
function formAt({ compilation, draft }: MappingContext, view: SchemaView | undefined): PlaceForm {
  const place = view === undefined ? null : placeOf(compilation, draft, view)
  return place === null ? {} : formOf(place)
}

function pathOf({ path }: Place): string {
  return joinPath(path)
}

/** A place in words: `"data.edges[].node"`, `the map "users"`. */
function placeWords({ path, form, item }: Place): string {
  const shown = `"${path.join('.')}${item === null ? '' : `[].${item}`}"`
  if (form === 'map') return path.length === 0 ? 'the map' : `the map ${shown}`
  return path.length === 0 && item === null ? 'the whole' : shown
}
