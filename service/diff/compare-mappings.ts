import { boundParameters } from '../model/bound-parameters.ts'
import type { MappingVerb } from '../model/mapping-record.ts'
import { VERBS } from '../model/mapping-record.ts'
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
  versions: Versions,
  pair: TypePair,
  report: ReportChange
): MappingPair[] {
  return VERBS.flatMap(verb => compareVerb(versions, pair, verb, report))
}

function compareVerb(
  { old, now }: Versions,
  { was, is }: TypePair,
  verb: MappingVerb,
  report: ReportChange
): MappingPair[] {
  const before = callsOf(old, was, verb)
  const after = callsOf(now, is, verb)
  const holes = { key: `x-flow-${verb}`, type: was.name, what: WORDS[verb] }
  const [first] = after
  if (before.length === 0) {
    if (first !== undefined) report('MAPPING_ADDED', holes, placeOf('new', first, was))
    return []
  }
  if (first === undefined) {
    const isByList = verb === 'load' && is.mappings.query !== undefined
    const [lost] = before
    const code = isByList ? 'MAPPING_BY_LIST' : 'MAPPING_REMOVED'
    if (lost !== undefined) report(code, holes, placeOf('old', lost, was))
    return []
  }
  const { both, gone, added } = pairCalls(before, after)
  for (const call of gone) {
    report('MAPPING_FEWER', { ...holes, endpoint: call.endpoint.key }, placeOf('old', call, was))
  }
  for (const call of added) {
    report('MAPPING_MORE', { ...holes, endpoint: call.endpoint.key }, placeOf('new', call, was))
  }
  return both.map(([call, next]) => {
    const mapped = { was: call, is: next, holes, place: placeOf('new', next, was) }
    compareMapping(old, now, mapped, report)
    return mapped
  })
}

/** Joins the mappings of a verb by their endpoints. Where one is left on each side, it calls another endpoint now. */
function pairCalls(before: readonly MappedCall[], after: readonly MappedCall[]) {
  const free = new Set(after)
  const both: [MappedCall, MappedCall][] = []
  const gone: MappedCall[] = []
  for (const call of before) {
    const same = [...free].find(({ endpoint }) => endpoint.key === call.endpoint.key)
    if (same === undefined) gone.push(call)
    else {
      both.push([call, same])
      free.delete(same)
    }
  }
  const [[lost], [came]] = [gone, [...free]]
  const isMoved = gone.length === 1 && free.size === 1
  if (isMoved && lost !== undefined && came !== undefined) both.push([lost, came])
  return { both, gone: isMoved ? [] : gone, added: isMoved ? [] : [...free] }
}

/** @param type Of the older version. */
function placeOf(
  version: ChangePlace['version'],
  { mapping }: MappedCall,
  { name: type }: TypeRecord
): ChangePlace {
  const { key, pointer } = mapping
  return { version, pointer, type, property: null, mapping: key.replace(/:.*/s, `:${type}`) }
}

function callsOf(model: ComparedModel, type: TypeRecord, verb: MappingVerb): MappedCall[] {
  return mappingKeys(type, verb).flatMap(key => {
    const mapping = model.mappings.get(key)
    const endpoint = model.endpoints.get(mapping?.endpoint ?? '')
    if (mapping === undefined || endpoint === undefined) return []
    return [{ type, mapping, endpoint, parameters: boundParameters(endpoint, mapping.bindings) }]
  })
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
  if (was.endpoint.pointer !== '' && is.endpoint.pointer === '') {
    report('MAPPING_UNDECLARED', { ...holes, call: is.endpoint.key }, place)
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
