import type { TypeRecord } from '../../model/type-record.ts'
import type { FlowObject } from '../../objects/types.ts'
import type { ListFilter } from '../types.ts'
import type { ColumnValues } from './column-values.ts'
import { columnValues } from './column-values.ts'
import type { SortKey } from './compare-values.ts'
import { compareKeys } from './compare-values.ts'
import { columnOf } from './filter-columns.ts'

/** Sorting that is done step by step. */
export type Ordering = {
  /** Sorts some more; true once the objects are in order. */
  step(): boolean
  result(): readonly FlowObject[]
}

type Column = { readonly values: ColumnValues; readonly sign: 1 | -1 }

/** An object with what it is compared by, for each column. */
type Row = { readonly object: FlowObject; readonly keys: readonly (SortKey | null)[] }

/** Rows that are sorted, or merged, in one step. */
const STEP_ROWS = 256

/**
 * Sorts objects by columns, the first one first, as `compareKeys` does. Objects without value come
 * last ascending and first descending. The sort is stable: sorted runs are merged two by two.
 *
 * @throws ConnectorError `COLUMN_UNKNOWN`
 */
export function orderObjects(
  type: TypeRecord,
  objects: readonly FlowObject[],
  order: ListFilter['order']
): Ordering {
  const columns = order.map(({ column, direction }): Column => {
    const property = columnOf(type, column, 'order')
    const values = columnValues(property, type.properties.indexOf(property))
    return { values, sign: direction === 'ASC' ? 1 : -1 }
  })
  const compare = (a: Row, b: Row): number => compareRows(columns, a, b)
  let runs: Row[][] = []
  let next = 0
  let merged: Row[][] = []
  let merge: Merge | null = null
  let at = 0

  /** Sorts the next run. */
  function sortRun(): void {
    const rows = objects.slice(at, at + STEP_ROWS).map(object => ({
      object,
      keys: columns.map(({ values }) => values.key(object))
    }))
    runs.push(rows.sort(compare))
    at += STEP_ROWS
  }

  /** Merges some rows of the next two runs. */
  function mergeRuns(): void {
    if (merge === null) {
      const [left, right] = [runs[next], runs[next + 1]]
      next += 2
      if (left !== undefined && right !== undefined) merge = startMerge(left, right, compare)
      else if (left !== undefined) merged.push(left)
    } else if (merge.step()) {
      merged.push(merge.result)
      merge = null
    }
    if (merge === null && next >= runs.length) {
      runs = merged
      next = 0
      merged = []
    }
  }

  return {
    step() {
      if (columns.length === 0) return true
      if (at < objects.length) sortRun()
      else if (runs.length > 1) mergeRuns()
      else return true
      return false
    },
    result: () => (columns.length === 0 ? objects : (runs[0] ?? []).map(({ object }) => object))
  }
}

type Merge = { readonly result: Row[]; step(): boolean }

function startMerge(
  left: readonly Row[],
  right: readonly Row[],
  compare: (a: Row, b: Row) => number
): Merge {
  const result: Row[] = []
  let [i, j] = [0, 0]
  return {
    result,
    step() {
      for (let count = 0; count < STEP_ROWS; count++) {
        const [a, b] = [left[i], right[j]]
        if (a !== undefined && (b === undefined || compare(a, b) <= 0)) {
          result.push(a)
          i++
        } else if (b !== undefined) {
          result.push(b)
          j++
        } else return true
      }
      return false
    }
  }
}

function compareRows(columns: readonly Column[], a: Row, b: Row): number {
  for (const [index, { values, sign }] of columns.entries()) {
    const [left, right] = [a.keys[index] ?? null, b.keys[index] ?? null]
    const difference =
      left === null || right === null
        ? Number(left === null) - Number(right === null)
        : compareKeys(values.kind ?? 'text', left, right)
    if (difference !== 0) return sign * difference
  }
  return 0
}
