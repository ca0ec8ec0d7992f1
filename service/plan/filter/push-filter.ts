import type { JsonValue } from '../../base/json.ts'
import { isJsonArray, plainText } from '../../base/json.ts'
import type { Criterion, Source } from '../../model/mapping-record.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import type { PropertyRecord, TypeRecord } from '../../model/type-record.ts'
import { columnOf, comparand, meaningOf } from './filter-columns.ts'
import type { FilterCondition, FilterGroup, ListFilter } from '../types.ts'

/** Values of parameters that come from a list filter. */
export type PushedValues = ReadonlyMap<BoundParameter, JsonValue>

type Accepts = (source: Source) => boolean

/** Assigns parts of a list filter to the parameters of one operation, each of which takes one part. */
export type Pushing = {
  readonly pushed: Map<BoundParameter, JsonValue>
  /** Parameters that are still free and have such a source. */
  readonly takers: (accepts: Accepts) => readonly BoundParameter[]
  /**
   * Sets those of these whose enum has the value that is made from their accepting sources; false when
   * there is none.
   */
  readonly push: (accepts: Accepts, value: (sources: readonly Source[]) => JsonValue) => boolean
}

export function createPushing(parameters: readonly BoundParameter[]): Pushing {
  const pushed = new Map<BoundParameter, JsonValue>()
  const takers = (accepts: Accepts): readonly BoundParameter[] =>
    parameters.filter(parameter => !pushed.has(parameter) && parameter.sources.some(accepts))
  const push: Pushing['push'] = (accepts, value) => {
    let isTaken = false
    for (const parameter of takers(accepts)) {
      const spelled = asSpelled(parameter, value(parameter.sources.filter(accepts)))
      if (spelled === undefined) continue
      pushed.set(parameter, spelled)
      isTaken = true
    }
    return isTaken
  }
  return { pushed, takers, push }
}

/**
 * A value as the enum of a parameter spells it, without regard to letter case; undefined where the enum
 * lacks it, or one of several values.
 */
function asSpelled(parameter: BoundParameter, value: JsonValue): JsonValue | undefined {
  const { allowed } = parameter
  if (allowed === null) return value
  if (isJsonArray(value)) {
    const values = value.map(item => asSpelled(parameter, item))
    return values.includes(undefined) ? undefined : values.filter(item => item !== undefined)
  }
  const text = plainText(value)
  const words = wordsOf(allowed)
  if (words.exact.has(text)) return value
  return typeof value === 'string' ? words.folded.get(text.toLowerCase()) : undefined
}

type Words = {
  readonly exact: ReadonlySet<string>
  readonly folded: ReadonlyMap<string, string>
}

const knownWords = new WeakMap<readonly string[], Words>()

/** The words of an enum, looked up once for each of them. */
function wordsOf(allowed: readonly string[]): Words {
  const known = knownWords.get(allowed)
  if (known !== undefined) return known
  const folded = allowed.toReversed().map(word => [word.toLowerCase(), word] as const)
  const words = { exact: new Set(allowed), folded: new Map(folded) }
  knownWords.set(allowed, words)
  return words
}

/** Pushes one condition; false where no free parameter takes it. */
export function pushCondition(
  { push }: Pushing,
  type: TypeRecord,
  condition: FilterCondition
): boolean {
  const property = columnOf(type, condition.column, 'filter')
  const { criterion } = meaningOf(property, condition)
  const value = comparand(type, property, condition)
  if (value === undefined) return false
  return push(
    source => takes(source, property, criterion),
    sources => {
      const isArray = sources.some(source => source.from === 'filter' && source.any)
      return isArray ? [value] : value
    }
  )
}

/** Pushes OR-ed equalities of one column to a parameter that takes an array. */
export function pushAny(
  { push }: Pushing,
  type: TypeRecord,
  { conditions, groups }: FilterGroup
): boolean {
  const properties = new Set(conditions.map(({ column }) => columnOf(type, column, 'filter')))
  const [property] = properties
  if (property === undefined || properties.size > 1 || groups.length > 0) return false
  const isEquality = conditions.every(
    condition => meaningOf(property, condition).criterion === 'EQUAL'
  )
  if (!isEquality) return false
  const values = conditions
    .map(condition => comparand(type, property, condition))
    .filter(value => value !== undefined)
  return push(
    source => source.from === 'filter' && source.any && takes(source, property, 'EQUAL'),
    () => values
  )
}

/** Pushes a search in all of plain text, or in one column as a condition; false where no free parameter takes it. */
export function pushSearch(
  pushing: Pushing,
  type: TypeRecord,
  text: string,
  columns: readonly string[]
): boolean {
  const [column, second] = columns
  if (column === undefined) {
    return pushing.push(
      source => source.from === 'search',
      () => text
    )
  }
  const condition = { column, criterion: 'CONTAINS', value: text } as const
  return second === undefined && pushCondition(pushing, type, condition)
}

/**
 * Pushes an order by one column; false where its column or its direction has no parameter, or one whose enum
 * lacks it.
 */
export function pushOrder(
  { pushed, push, takers }: Pushing,
  type: TypeRecord,
  order: ListFilter['order']
): boolean {
  const [first, second] = order
  if (first === undefined || second !== undefined) return first === undefined
  const property = columnOf(type, first.column, 'order')
  const name = property.key ?? property.name
  const isTemplate = push(
    source => source.from === 'order',
    sources => {
      const template = sources.find(source => source.from === 'order')
      const text = first.direction === 'ASC' ? template?.ascending : template?.descending
      return (text ?? '{name}').replaceAll('{name}', () => name)
    }
  )
  if (isTemplate) return true
  const columns = takers(source => source.from === 'orderBy').map(
    parameter => [parameter, asSpelled(parameter, name)] as const
  )
  const directions = takers(source => source.from === 'direction').map(
    parameter => [parameter, directionWord(first.direction, parameter.allowed)] as const
  )
  // Without a word for the direction an API sorts upwards.
  if (columns.length === 0 || (directions.length === 0 && first.direction === 'DESC')) return false
  const words = new Map<BoundParameter, JsonValue>()
  for (const [parameter, word] of [...columns, ...directions]) {
    if (word === undefined) return false
    words.set(parameter, word)
  }
  for (const [parameter, word] of words) pushed.set(parameter, word)
  return true
}

/** A direction as the parameter spells it: `asc`, `ascending`; undefined where its enum has no such word. */
function directionWord(
  direction: 'ASC' | 'DESC',
  allowed: readonly string[] | null
): string | undefined {
  return allowed === null
    ? direction
    : allowed.find(word => word.toUpperCase().startsWith(direction))
}

/** The column and the criterion of the conditions that a source takes; a plain property takes equality. */
export function columnSource(
  source: Source
): { readonly column: string; readonly criterion: Criterion } | undefined {
  if (source.from === 'filter') return source
  const [column, inner] = source.from === 'property' ? source.path : []
  const isPlain = column !== undefined && inner === undefined
  return isPlain ? { column, criterion: 'EQUAL' } : undefined
}

function takes(source: Source, property: PropertyRecord, criterion: Criterion): boolean {
  const taken = columnSource(source)
  return taken?.criterion === criterion && isColumn(taken.column, property)
}

function isColumn(name: string, property: PropertyRecord): boolean {
  return name.toLowerCase() === property.name.toLowerCase()
}
