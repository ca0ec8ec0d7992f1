import { boundParameters } from '../model/bound-parameters.ts'
import type { MappingVerb } from '../model/mapping-record.ts'
import { mappingKey, VERBS } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { mappingKeys } from '../model/type-record.ts'
import { bodyNeeds } from './body-needs.ts'
import type { ChangePlace, ReportChange } from './change-list.ts'
import { compareParameters } from './compare-parameters.ts'
import type { TypePair } from './compare-properties.ts'
import type { ComparedModel, Versions } from './compared-model.ts'
import type { MappedCall, MappingPair } from './mapping-pair.ts'

const WORDS: { readonly [verb in MappingVerb]: string } = {
  load: 'load one of',
  query: 'load lists of',
  save: 'create',
  update: 'update',
  delete: 'delete'
}

/** Compares the mappings of a type. @returns Those that both versions have. */
export function compareMappings(
  { old, now }: Versions,
  { was, is }: TypePair,
  report: ReportChange
): MappingPair[] {
  const calls = VERBS.flatMap(verb => pairCalls(callsOf(old, was, verb), callsOf(now, is, verb)))
  return calls.flatMap(([before, after]) => {
    const { verb = 'query', pointer = is.pointer } = (after ?? before)?.mapping ?? {}
    const holes = { key: `x-flow-${verb}`, type: was.name, what: WORDS[verb] }
    const version = after === undefined ? 'old' : 'new'
    const index = (before ?? after)?.index ?? 0
    const mapping = mappingKey(verb, was.name, index)
    const place: ChangePlace = { version, pointer, type: was.name, property: null, mapping }
    const call = (before ?? after)?.endpoint.key ?? ''
    // Others of the list are in both versions.
    const isOneOfList = was.mappings[verb] !== undefined && is.mappings[verb] !== undefined
    if (isOneOfList && before === undefined) report('MAPPING_LISTED', { ...holes, call }, place)
    else if (isOneOfList && after === undefined) {
      report('MAPPING_UNLISTED', { ...holes, call }, place)
    } else if (before === undefined && after !== undefined) report('MAPPING_ADDED', holes, place)
    else if (after === undefined) {
      const isByList = verb === 'load' && is.mappings.query !== undefined
      report(isByList ? 'MAPPING_BY_LIST' : 'MAPPING_REMOVED', holes, place)
    }
    if (before === undefined || after === undefined) return []
    const pair = { was: before, is: after, holes, place }
    compareMapping(old, now, pair, report)
    return [pair]
  })
}

/** A mapping with its index in a list. */
type ListedCall = MappedCall & { readonly index: number }

type CallPair = readonly [before: ListedCall | undefined, after: ListedCall | undefined]

function callsOf(model: ComparedModel, type: TypeRecord, verb: MappingVerb): ListedCall[] {
  return mappingKeys(type, verb).flatMap((key, index) => {
    const mapping = model.mappings.get(key)
    const endpoint = model.endpoints.get(mapping?.endpoint ?? '')
    if (mapping === undefined || endpoint === undefined) return []
    const parameters = boundParameters(endpoint, mapping.bindings)
    return [{ type, mapping, endpoint, parameters, index }]
  })
}

/** The mappings of a list that call the same, then the others in their order. */
function pairCalls(before: readonly ListedCall[], after: readonly ListedCall[]): CallPair[] {
  const left = [...after]
  const take = (index: number): ListedCall | undefined => left.splice(index, 1)[0]
  const same = before.map((call): CallPair => {
    const index = left.findIndex(each => each.endpoint.key === call.endpoint.key)
    return [call, index === -1 ? undefined : take(index)]
  })
  const paired = same.map(([call, found]): CallPair => [call, found ?? take(0)])
  return [...paired, ...left.map((call): CallPair => [undefined, call])]
}

function compareMapping(
  old: ComparedModel,
  now: ComparedModel,
  pair: MappingPair,
  report: ReportChange
): void {
  const { was, is, holes, place } = pair
  const { key, type } = holes
  if (was.endpoint.key !== is.endpoint.key) {
    report('MAPPING_MOVED', { key, type, before: was.endpoint.key, now: is.endpoint.key }, place)
  }
  const [before, after] = [responder(was), responder(is)]
  if (before !== after) report('MAPPING_ANSWERED', { key, type, before, now: after }, place)
  // The document answers whatever it is asked.
  if (is.mapping.example !== null) return
  compareParameters(pair, report)
  const { records } = is.mapping
  if (records.at === 'undecided' && was.mapping.records.at !== 'undecided') {
    report('RECORDS_UNDECIDED', { key, type, between: records.between.join(', ') }, place)
  }
  compareBodies(old, now, pair, report)
}

function responder({ mapping }: MappedCall): string {
  return mapping.example === null ? 'the API' : 'the document'
}

/** Compares what the body of a save or an update takes of an object. */
function compareBodies(
  old: ComparedModel,
  now: ComparedModel,
  { was, is, holes, place }: MappingPair,
  report: ReportChange
): void {
  const { key, type } = holes
  const { body } = is.mapping
  const before = bodyNeeds(old, was.type, was.mapping)
  if (before === null) return
  if (body === null) {
    report('BODY_LOST', { ...holes, reason: 'it has no body', code: 'BODY_REQUIRED' }, place)
    return
  }
  if ('refused' in body) {
    const reason = body.refused === 'BODY_REQUIRED' ? body.reason : `it is ${body.given}`
    report('BODY_LOST', { ...holes, reason, code: body.refused }, place)
    return
  }
  const after = bodyNeeds(now, is.type, is.mapping)
  const names = new Set(is.type.properties.map(({ name }) => name))
  for (const property of before.sent) {
    if (after?.sent.has(property) === true || !names.has(property)) continue
    report('PROPERTY_UNSENT', { key, type, property }, { ...place, property })
  }
  for (const property of after?.required ?? []) {
    if (before.required.has(property)) continue
    report('PROPERTY_REQUIRED', { key, type, property }, { ...place, property })
  }
  for (const member of after?.missing ?? []) {
    if (!before.missing.has(member)) report('BODY_UNFILLED', { key, type, member }, place)
  }
}
