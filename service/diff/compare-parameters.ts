import { isIdempotencyKey } from '../base/header-names.ts'
import { listFirst } from '../base/list-first.ts'
import type { BoundParameter } from '../model/bound-parameters.ts'
import type { MappingRecord, MappingVerb } from '../model/mapping-record.ts'
import { sourceWords } from '../plan/source-words.ts'
import type { ReportChange } from './change-list.ts'
import type { MappingPair } from './mapping-pair.ts'
import { takesAllOf } from './takes-all-of.ts'

/** Allowed values that a message shows. */
const SHOWN_MAX = 10

/** Compares what fills the parameters of a mapping, and what they take. */
export function compareParameters(pair: MappingPair, report: ReportChange): void {
  const { was, is, holes, place } = pair
  const before = new Map(was.parameters.map(parameter => [keyOf(parameter), parameter]))
  const needed = was.parameters.filter(parameter => mayStayEmpty(parameter, was.mapping))
  const neededBefore = new Set(needed.flatMap(({ sources }) => sources.map(sourceWords)))
  for (const parameter of is.parameters) {
    const { name, sources } = parameter
    const known = before.get(keyOf(parameter))
    const isKnownNeed =
      (known !== undefined && needed.includes(known)) ||
      sources.some(source => neededBefore.has(sourceWords(source)))
    if (mayStayEmpty(parameter, is.mapping) && !isKnownNeed) {
      const source = sources.map(sourceWords).join(' or ')
      if (source === '') report('PARAMETER_UNFILLED', { ...holes, parameter: name }, place)
      else report('PARAMETER_REQUIRED', { ...holes, parameter: name, source }, place)
    }
    if (known !== undefined && sources.length > 0) compareValues(pair, known, parameter, report)
  }
  compareConditions(pair, report)
}

function keyOf({ in: location, name }: BoundParameter): string {
  return `${location} ${name}`
}

/** Verbs that are always given an id. */
const WITH_ID: readonly MappingVerb[] = ['load', 'update', 'delete']

/** Whether a required parameter may have no value, so that the call is refused. */
function mayStayEmpty(parameter: BoundParameter, { verb, paging }: MappingRecord): boolean {
  const { name, required, fallback, sources } = parameter
  if (!required || fallback !== undefined || isIdempotencyKey(parameter)) return false
  if (name === paging?.positionParam || name === paging?.pageSizeParam) return false
  return !sources.some(
    ({ from }) => from === 'template' || (from === 'id' && WITH_ID.includes(verb))
  )
}

/** Reports values that a parameter took, and takes no longer. */
function compareValues(
  { holes, place }: MappingPair,
  was: BoundParameter,
  is: BoundParameter,
  report: ReportChange
): void {
  const lost =
    is.allowed !== null && was.allowed?.every(value => is.allowed?.includes(value)) !== true
  // Any value can be written as text.
  const isNarrower = is.allowed === null && is.kind !== 'text' && !takesAllOf(is.kind, was.kind)
  if (!lost && !isNarrower) return
  const [before, now] = [valueWords(was), valueWords(is)]
  report('PARAMETER_NARROWED', { ...holes, parameter: is.name, before, now }, place)
}

function valueWords({ allowed, kind }: BoundParameter): string {
  if (allowed === null) return kind === 'any' ? 'any value' : kind
  return allowed.length === 0 ? 'no value' : listFirst(allowed, SHOWN_MAX)
}

/** Reports conditions that the API took, and that are now evaluated here. */
function compareConditions({ was, is, holes, place }: MappingPair, report: ReportChange): void {
  const now = new Set(
    is.parameters.flatMap(conditionsOf).map(condition => JSON.stringify(condition))
  )
  for (const condition of was.parameters.flatMap(conditionsOf)) {
    if (now.has(JSON.stringify(condition))) continue
    report('CONDITION_LOCAL', { type: holes.type, ...condition }, place)
  }
}

function conditionsOf({ sources }: BoundParameter): { column: string; criterion: string }[] {
  return sources.flatMap(source =>
    source.from === 'filter' ? [{ column: source.column, criterion: source.criterion }] : []
  )
}
