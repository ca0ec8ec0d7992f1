import type { RangePartition } from './partition-record.ts'

/** What the bounds of a range are. */
export type BoundKind = RangePartition['kind']

const DAY_MS = 86_400_000

/** The number of a bound: itself, its day or its second since 1970. */
export function boundNumber(kind: BoundKind, text: string): bigint {
  switch (kind) {
    case 'number':
      return BigInt(text)
    case 'date':
      return BigInt(Date.parse(text) / DAY_MS)
    case 'date-time':
      return BigInt(Date.parse(text) / 1000)
    default:
      return kind satisfies never
  }
}

/** The text of a bound, as an API takes it: `1`, `2025-01-01` or `2025-01-01T00:00:00Z`. */
export function boundText(kind: BoundKind, number: bigint): string {
  switch (kind) {
    case 'number':
      return number.toString()
    case 'date':
      return new Date(Number(number) * DAY_MS).toISOString().slice(0, 10)
    case 'date-time':
      return `${new Date(Number(number) * 1000).toISOString().slice(0, 19)}Z`
    default:
      return kind satisfies never
  }
}
