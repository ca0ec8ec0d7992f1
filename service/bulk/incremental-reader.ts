import { createHash } from 'node:crypto'

import type { JsonObject, JsonValue } from '../base/json.ts'
import { canonicalJson, plainText } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { ScalarKind, TypeRecord } from '../model/type-record.ts'
import { ownId } from '../objects/external-id.ts'
import { flowText, scalarToText } from '../objects/scalar-text.ts'
import { compareKeys, sortKey } from '../plan/filter/compare-values.ts'

/** The greatest value of a field, and the rows that have it. */
export type Boundary = {
  /** As the API wrote it. */
  readonly value: JsonValue
  /** The rows with this value, each by the hash of its id, else of its content. */
  readonly rows: readonly string[]
}

/** Tells new rows from those of earlier reads. */
export type IncrementalReader = {
  /**
   * Whether a row is new: its value is above the last boundary, or equal to it in another row.
   *
   * @throws ConnectorError `INCREMENTAL_VALUE` for a row whose value cannot be compared, `INCREMENTAL_ROWS` where too
   *   many rows have the greatest value.
   */
  isNew(row: JsonObject, number: number): boolean
  /** The greatest value so far; null before the first row. */
  boundary(): Boundary | null
}

/** Most rows with the greatest value that are remembered. */
const ROWS_MAX = 100_000

/** Bytes of a hash. */
const HASH_BYTES = 12

/** Digits that are compared as numbers, and a date with time. */
const DECIMAL = /^-?\d{1,300}(\.\d{1,300})?$/
const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/

/**
 * Reads what is new since an earlier read (docs/pipelines.md#incremental).
 *
 * @param field The JSON name of the field that grows.
 * @param last The boundary of the last complete read; null for none.
 * @param seen What an earlier part of this read has seen; null for none.
 */
export function createIncrementalReader(
  type: TypeRecord,
  field: string,
  last: Boundary | null,
  seen: Boundary | null
): IncrementalReader {
  const property = type.properties.find(({ key }) => key === field)
  const kind = property?.value.form === 'scalar' ? property.value.kind : 'any'
  const passed = new Set(last?.rows)
  let greatest: Mark | null = markOf(kind, (seen ?? last)?.value ?? null)
  let rows = new Set((seen ?? last)?.rows)
  /** The only row with the greatest value, which mostly is passed before anybody asks for its hash. */
  let only: JsonObject | null = null
  const addOnly = (): void => {
    if (only !== null) rows.add(rowKey(type, only))
    only = null
  }
  const lastMark = markOf(kind, last?.value ?? null)

  return {
    isNew(row, number) {
      const mark = markOf(kind, row[field] ?? null)
      if (mark === null) {
        throw new ConnectorError('INCREMENTAL_VALUE', { type: type.name, record: number, field })
      }
      const sinceLast = lastMark === null ? 1 : compareMarks(mark, lastMark)
      if (sinceLast < 0) return false
      if (sinceLast === 0 && passed.has(rowKey(type, row))) return false
      const sinceGreatest = greatest === null ? 1 : compareMarks(mark, greatest)
      if (sinceGreatest > 0) {
        greatest = mark
        rows = new Set()
        only = row
      } else if (sinceGreatest === 0) {
        addOnly()
        rows.add(rowKey(type, row))
      }
      if (rows.size > ROWS_MAX) {
        throw new ConnectorError('INCREMENTAL_ROWS', { type: type.name, field, limit: ROWS_MAX })
      }
      return true
    },
    boundary() {
      addOnly()
      return greatest === null ? null : { value: greatest.value, rows: [...rows] }
    }
  }
}

/** What the parameter of the next read takes. */
export function boundaryText({ value }: Boundary): string {
  return plainText(value)
}

/** A value that can be compared. */
type Mark = { readonly value: JsonValue; readonly kind: ScalarKind; readonly text: string }

/** Null for a value that cannot be compared. */
function markOf(kind: ScalarKind, value: JsonValue): Mark | null {
  if (value === null || value === '') return null
  const found = comparedKind(kind, value)
  const text = scalarToText(found, value)
  const normal = text === undefined || text === null ? null : flowText(found, text)
  return normal === null || normal === '' ? null : { value, kind: found, text: normal }
}

/** The kind by which a value is compared: text that is a number or a moment as that. */
function comparedKind(kind: ScalarKind, value: JsonValue): ScalarKind {
  if (kind !== 'text' && kind !== 'any' && kind !== 'json') return kind
  const text = plainText(value)
  if (DECIMAL.test(text)) return 'number'
  return MOMENT.test(text) && scalarToText('date-time', value) !== undefined ? 'date-time' : 'text'
}

/** Values of different kinds are compared as text. */
function compareMarks(a: Mark, b: Mark): number {
  if (a.kind === b.kind && a.kind !== 'text') {
    return compareKeys(a.kind, sortKey(a.kind, a.text), sortKey(b.kind, b.text))
  }
  const [left, right] = [plainText(a.value), plainText(b.value)]
  if (left === right) return 0
  return left < right ? -1 : 1
}

function rowKey({ identity }: TypeRecord, row: JsonObject): string {
  const id = ownId(identity, row)
  const text = id === undefined ? canonicalJson(row) : `id ${id}`
  return createHash('sha256').update(text).digest().subarray(0, HASH_BYTES).toString('base64url')
}
