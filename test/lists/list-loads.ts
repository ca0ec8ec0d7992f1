import type { ListApi, Row } from './list-api.ts'
import { STATUSES, visibleRows } from './list-api.ts'
import type { Dice } from './make-size.ts'

/** What a flow asks for: a window, or all windows one after another. */
export type ListLoad = {
  readonly kind: 'whole' | 'window' | 'walk by token' | 'walk by offset' | 'filter' | 'order'
  readonly limit: number
  readonly offset: number
  readonly status: string | null
  readonly direction: 'ASC' | 'DESC' | null
}

/** The list that a load is a window of. */
export function expectedRows(api: ListApi, { status, direction }: ListLoad): readonly Row[] {
  const rows = visibleRows(api).filter(row => status === null || row.status === status)
  if (direction === null) return rows
  return rows.toSorted((a, b) => (direction === 'ASC' ? a.rank - b.rank : b.rank - a.rank))
}

/** Random loads of an API. */
export function makeLoads(api: ListApi, dice: Dice): ListLoad[] {
  const count = visibleRows(api).length
  const base = { limit: 0, offset: 0, status: null, direction: null }
  const status = dice.of(...STATUSES.map(word => [1, word] as const))
  const direction = dice.of<'ASC' | 'DESC'>([1, 'ASC'], [1, 'DESC'])
  // Positions that count hidden rows are nothing that a flow's offset could be compared with.
  const isSought = api.hidden.size === 0
  const offset = (): number => (isSought ? dice.whole(0, count + 1) : 0)
  const limit = (): number => dice.of([4, dice.whole(1, 12)], [2, api.size.usual], [1, 20])
  const step = Math.max(limit(), Math.ceil(count / 8))
  const loads: ListLoad[] = [
    { ...base, kind: 'whole' },
    { ...base, kind: 'window', limit: limit() },
    { ...base, kind: 'window', limit: limit(), offset: offset() },
    { ...base, kind: 'window', limit: limit(), offset: offset() },
    { ...base, kind: 'walk by token', limit: step },
    {
      ...base,
      kind: 'filter',
      status,
      ...(dice.chance(0.5) && { limit: limit(), offset: dice.whole(0, 5) })
    },
    {
      ...base,
      kind: 'order',
      direction,
      ...(dice.chance(0.6) && { limit: limit(), offset: dice.whole(0, count) })
    }
  ]
  return isSought ? [...loads, { ...base, kind: 'walk by offset', limit: step }] : loads
}

export function loadLine({ kind, limit, offset, status, direction }: ListLoad): string {
  const parts = [
    status && `status ${status}`,
    direction && `rank ${direction}`,
    `limit ${limit}`,
    `offset ${offset}`
  ]
  return `${kind}: ${parts.filter(Boolean).join(', ')}`
}
