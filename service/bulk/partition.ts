import type { PagingRecord } from '../model/endpoint-record.ts'
import type { PagePartition, PartitionRecord, RangePartition } from '../model/partition-record.ts'
import { boundNumber, boundText } from '../model/range-bound.ts'

/** A part of a list, as data: what it has, and how it is asked for. Plain JSON. */
export type Partition =
  /** Values of a field from one bound to before another. */
  | {
      readonly by: 'range'
      readonly field: string
      readonly kind: RangePartition['kind']
      readonly from: string
      readonly to: string
      /** Parameters that every page is asked for with. */
      readonly params: { readonly [name: string]: string }
    }
  /** One list after another, for values of a variable. */
  | { readonly by: 'ids'; readonly variable: string; readonly ids: readonly string[] }
  /** Pages from one position to before another; null: to the end of the list. */
  | {
      readonly by: 'pages'
      readonly at: 'offset' | 'page'
      readonly from: number
      readonly to: number | null
      /** Records of the list before it, as far as all pages are full. */
      readonly before: number
    }

/** Calls that are to be expected, and records of each; null where only the API knows. */
export type ExpectedCalls = {
  readonly least: number
  readonly most: number | null
  readonly recordsOfOne: number | null
}

/** A part of a run: an input, or a part of it. Plain JSON. */
export type RunPart = {
  /** From 0. The rows of a run are those of its parts in this order. */
  readonly part: number
  readonly input: string
  /** Null: the whole list. */
  readonly partition: Partition | null
  readonly calls: ExpectedCalls
}

/**
 * Cuts a list into parts that have each of its records once (docs/pipelines.md#partitions).
 *
 * @param ids The values of the variable of `IdPartition`; empty for any other.
 */
export function cutList(
  record: PartitionRecord,
  paging: PagingRecord | null,
  ids: readonly string[]
): readonly Partition[] {
  switch (record.by) {
    case 'range':
      return cutRange(record)
    case 'ids': {
      const { variable } = record
      return portions(ids.length, Math.min(record.count, ids.length)).map(([from, to]) => {
        return { by: 'ids', variable, ids: ids.slice(from, to) }
      })
    }
    case 'pages':
      return cutPages(record, paging)
    default:
      return record satisfies never
  }
}

/**
 * An API may take a bound as included or not, and a date as that of another time zone. So a part asks for a unit more
 * where that can matter; its rows are chosen by their values.
 */
function cutRange(record: RangePartition): readonly Partition[] {
  const { field, kind, count, fromParam, toParam } = record
  const [first, last] = [boundNumber(kind, record.from), boundNumber(kind, record.to)]
  const units = last - first
  const boundAt = (index: number): bigint => first + (units * BigInt(index)) / BigInt(count)
  const above = kind === 'date' ? 1n : 0n
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [boundAt(index), boundAt(index + 1)]
    const params = {
      ...(fromParam !== null && { [fromParam]: boundText(kind, from - 1n) }),
      ...(toParam !== null && { [toParam]: boundText(kind, to + above) })
    }
    return {
      by: 'range',
      field,
      kind,
      from: boundText(kind, from),
      to: boundText(kind, to),
      params
    }
  })
}

function cutPages(record: PagePartition, paging: PagingRecord | null): readonly Partition[] {
  const { firstPage = 1, firstOffset = 0, pageSize } = paging ?? {}
  const size = pageSize ?? 1
  const at = paging?.type === 'page' ? 'page' : 'offset'
  const positionOf = (page: number): number =>
    at === 'page' ? firstPage + page : firstOffset + page * size
  const begin = record.from - 1
  return portions(record.to - begin, record.count).map(([from, to], index): Partition => {
    const end = index === record.count - 1 ? null : positionOf(begin + to)
    const before = (begin + from) * size
    return { by: 'pages', at, from: positionOf(begin + from), to: end, before }
  })
}

/** Divides so many things into portions of which none has two more than another. */
function portions(things: number, count: number): readonly (readonly [from: number, to: number])[] {
  return Array.from({ length: count }, (_, index) => [
    Math.floor((things * index) / count),
    Math.floor((things * (index + 1)) / count)
  ])
}

/** How many calls a part is to be expected to take. */
export function expectedCalls(
  partition: Partition | null,
  paging: PagingRecord | null
): ExpectedCalls {
  const isPaged = paging !== null && paging.type !== 'none'
  const recordsOfOne = isPaged ? paging.pageSize : null
  const lists = partition?.by === 'ids' ? partition.ids.length : 1
  if (!isPaged) return { least: lists, most: lists, recordsOfOne }
  if (partition?.by !== 'pages' || partition.to === null) {
    return { least: lists, most: null, recordsOfOne }
  }
  const { at, from, to } = partition
  const most = at === 'page' ? to - from : (to - from) / (paging.pageSize ?? 1)
  return { least: 1, most, recordsOfOne }
}
