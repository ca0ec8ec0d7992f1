import type { JsonValue } from '../base/json.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import type { BoundParameter } from '../model/bound-parameters.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import { exampleFilter } from '../plan/filter/example-filter.ts'
import type { CallValues, ScanSplit } from '../plan/filter/scan-calls.ts'
import { scanCalls } from '../plan/filter/scan-calls.ts'
import type { RemainingFilter } from '../plan/filter/split-filter.ts'
import { splitFilter } from '../plan/filter/split-filter.ts'
import type { FilterGroup, ListFilter } from '../plan/types.ts'
import { listMapping } from './list-mapping.ts'
import type { MappedEndpoint, Session } from './session.ts'

/** How the rows of a type are read. */
export type RowsPlan = {
  readonly type: TypeRecord
  readonly list: MappedEndpoint
  /** What the API is asked for, by parameter. */
  readonly pushed: ReadonlyMap<BoundParameter, JsonValue>
  /** What is evaluated here, page by page; null for nothing. */
  readonly remaining: RemainingFilter | null
  /** Conditions that choose among the objects of an example: those that meet them, if there are any, else all. */
  readonly preferred: FilterGroup | null
  /** The order in which rows are put here, which needs the whole list; empty where the API's is kept. */
  readonly order: ListFilter['order']
  /** The readings of the list that have every object, each with what it sends besides. */
  readonly readings: readonly CallValues[]
}

/** Most readings of one list, where a default of a parameter narrows it. */
const READINGS_MAX = 100

/**
 * Plans how the rows of a type are read: what the API takes of the filter is pushed to it, the rest is evaluated here
 * (docs/pipelines.md#reading). Nothing is called.
 *
 * @throws ConnectorError `TYPE_UNKNOWN`, `MAPPING_MISSING`, `COLUMN_UNKNOWN`, and those of `splitFilter` and
 *   `scanCalls`.
 */
export function planRows(session: Session, typeName: string, filter: ListFilter): RowsPlan {
  const type = typeNamed(session.model.types, typeName)
  const list = listMapping(session, type, filter)
  const { mapping, endpoint, answers } = list
  const parameters = boundParameters(endpoint, mapping.bindings)
  const whole = { type, list, preferred: null, readings: [{}] }
  if (!answers.takesParameters) {
    const split = exampleFilter({ parameters }, type, filter)
    const { remaining = null, preferred = null } = split ?? {}
    return { ...whole, pushed: new Map(), remaining, preferred, order: remaining?.order ?? [] }
  }
  const isGuessed = mapping.origin.from === 'inferred'
  const { pushed, remaining } = splitFilter({ parameters, isGuessed }, type, filter)
  if (remaining === null) return { ...whole, pushed, remaining, order: [] }
  const { paging } = answers
  const split: ScanSplit = { parameters, pushed, remaining }
  const { calls, order } = scanCalls(type, split, {
    order: filter.order,
    most: READINGS_MAX,
    reserved: [paging.pageSizeParam, paging.positionParam]
  })
  return { ...whole, pushed, remaining, order, readings: calls }
}
