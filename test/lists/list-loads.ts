import type { ListApi, Row } from './list-api.ts'
import { sortedRows, STATUSES, visibleRows } from './list-api.ts'
import type { Dice } from './make-size.ts'

/** What a flow asks for: a window, or all windows one after another. */
export type ListLoad = {
  readonly kind: 'whole' | 'window' | 'walk by token' | 'walk by offset' | 'filter' | 'order'
  readonly limit: number
  readonly offset: number
  readonly status: string | null
  /** Whether all but those of the status are asked for. */
  readonly isNot: boolean
  readonly direction: 'ASC' | 'DESC' | null
}

/** The list that a load is a window of. */
export function expectedRows(api: ListApi, { status, isNot, direction }: ListLoad): readonly Row[] {
  const { filter } = api
  const fallback = filter?.fallback ?? null
  const shown = fallback === 'all' ? null : fallback
  const all = visibleRows(api)
  if (status === null) {
    const rows = all.filter(row => shown === null || row.status === shown)
    return direction === null ? rows : sortedRows(rows, 'rank', direction)
  }
  if (!isNot) return all.filter(row => row.status === status)
  const others = all.filter(row => row.status !== status)
  // The list is read once for each value, unless one means all.
  if (shown === null || filter?.allowed?.includes('all') === true) return others
  return STATUSES.flatMap(word => others.filter(row => row.status === word))
}

/** Random loads of an API. */
export function makeLoads(api: ListApi, dice: Dice): ListLoad[] {
  const base = { limit: 0, offset: 0, status: null, isNot: false, direction: null } as const
  const count = expectedRows(api, { ...base, kind: 'whole' }).length
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
      isNot: dice.chance(0.3),
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

export function loadLine({ kind, limit, offset, status, isNot, direction }: ListLoad): string {
  const parts = [
    status && `status ${isNot ? 'not ' : ''}${status}`,
    direction && `rank ${direction}`,
    `limit ${limit}`,
    `offset ${offset}`
  ]
  return `${kind}: ${parts.filter(Boolean).join(', ')}`
}
