import type { JsonValue } from '../../service/base/json.ts'
import { isJsonArray, member } from '../../service/base/json.ts'
import type { ListApi, Row } from './list-api.ts'
import type { ListLoad } from './list-loads.ts'
import { expectedRows } from './list-loads.ts'
import { SAME } from './scheme.ts'

export type Verdict = {
  readonly load: ListLoad
  /** `exact`: what the list holds, or a problem where the API refused. */
  readonly is: 'exact' | 'problem' | 'wrong'
  readonly expected: string
  readonly got: string
  readonly calls: readonly string[]
  /** In which way it is wrong; blank otherwise. */
  readonly fault: string
}

/** Loads of one API through the connector. */
export type ListClient = {
  load(listFilter: object): Promise<{ readonly status: number; readonly body: JsonValue }>
  /** Calls of the API since the last time, and whether it refused one in a 200. */
  takeCalls(): { readonly calls: readonly string[]; readonly isRefused: boolean }
}

/** What one window is: its rows as text, and whether more follow. */
type Window = {
  readonly rows: readonly string[]
  readonly more: boolean
  readonly token: string | null
}

/** Steps of a walk that does not end. */
const STEPS_MAX = 40

/** Makes a load, and compares what comes with the list. A walk goes on as long as there is more. */
export async function checkLoad(
  api: ListApi,
  load: ListLoad,
  client: ListClient
): Promise<Verdict> {
  const rows = expectedRows(api, load).map(row => rowText(api, row))
  const isWalk = load.kind.startsWith('walk')
  let { offset } = load
  let offsetToken: string | null = null
  for (let steps = 1; ; steps++) {
    const answer = await client.load(listFilter({ ...load, offset }, offsetToken))
    const { calls, isRefused } = client.takeCalls()
    const end = load.limit === 0 ? rows.length : offset + load.limit
    const expected = { rows: rows.slice(offset, end), more: end < rows.length, token: null }
    const at = { load: { ...load, offset }, expected: idsOf(expected), calls, fault: '' }
    if (answer.status !== 200) {
      const got = problemText(answer.body)
      if (answer.status === 500) return { ...at, is: 'wrong', got, fault: 'crash' }
      return { ...at, is: isRefused ? 'exact' : 'problem', got }
    }
    const window = readWindow(api, answer.body)
    // The API says that there is more, and nothing that it says denies it.
    const isTold = window.more && end === rows.length && misleads(api)
    const fault = faultOf(window, { ...expected, more: expected.more || isTold })
    // All objects were asked for: those that follow are loaded, or a problem says why they cannot be.
    const isPart = load.limit === 0 && fault === 'short window' && window.rows.length > 0
    if (fault !== '' && !isPart) {
      return { ...at, is: 'wrong', got: gotText(window, expected), fault }
    }
    if (!window.more || !(isWalk || isPart)) return { ...at, is: 'exact', got: at.expected }
    if (steps === STEPS_MAX) {
      return { ...at, is: 'wrong', got: `more after ${steps} windows`, fault: 'endless' }
    }
    offset += isPart ? window.rows.length : load.limit
    offsetToken = load.kind === 'walk by offset' ? null : window.token
  }
}

/** Whether the end of the list has a next cursor or link, or hidden rows, and nothing denies that more follow. */
function misleads({ isEager, end, total, flag, rows, hidden }: ListApi): boolean {
  if (hidden.has(rows.length - 1)) return true
  // A total that counts hidden rows does not deny it.
  const isDenied = (total?.of === 'list' && hidden.size === 0) || flag !== null
  return (isEager !== false || end === SAME) && !isDenied && rows.length > 0
}

/** In which way a window differs from the expected one; blank if it does not. */
function faultOf(window: Window, expected: Window): string {
  const [rows, all] = [window.rows.join(';'), expected.rows.join(';')]
  if (rows === all) {
    if (window.more === expected.more) return ''
    return window.more ? 'more claimed' : 'more denied'
  }
  if (new Set(window.rows).size < window.rows.length) return 'repeated objects'
  if (window.rows.some(row => !ROW.test(row))) return 'objects of blanks'
  if (all.startsWith(rows)) return window.more ? 'short window' : 'cut short'
  return rows.startsWith(all) ? 'too many objects' : 'other objects'
}

/** A row as text, with all its values. */
const ROW = /^(t\d+|\d+|no-id) Thing \d+ \w+ \d+$/

function listFilter(
  { limit, offset, status, isNot, direction }: ListLoad,
  offsetToken: string | null
): object {
  const criteriaType = isNot ? 'NOT_EQUAL' : 'EQUAL'
  const condition = { columnName: 'status', criteriaType, contentValue: status }
  const where = status === null ? [] : [condition]
  const orderBy = direction === null ? [] : [{ columnName: 'rank', direction }]
  return { limit, offset, offsetToken, where, orderBy }
}

function rowText({ hasId }: ListApi, { id, name, status, rank }: Row): string {
  return [hasId ? id : 'no-id', name, status, rank].join(' ')
}

function readWindow({ hasId }: ListApi, body: JsonValue): Window {
  const objects = member(body, 'objectData')
  const token = member(body, 'offsetToken')
  return {
    rows: (isJsonArray(objects) ? objects : []).map(object => objectText(object, hasId)),
    more: member(body, 'hasMoreResults') === true,
    token: typeof token === 'string' ? token : null
  }
}

function objectText(object: JsonValue, hasId: boolean): string {
  const properties = member(object, 'properties')
  const values = (isJsonArray(properties) ? properties : []).map(
    property => [member(property, 'developerName'), member(property, 'contentValue')] as const
  )
  const value = (name: string): JsonValue | undefined => values.find(([key]) => key === name)?.[1]
  return [
    hasId ? member(object, 'externalId') : 'no-id',
    value('name'),
    value('status'),
    value('rank')
  ].join(' ')
}

function windowText({ rows, more }: Window): string {
  return `${rows.join('; ')}${more ? ' and more' : ''}`
}

function idsOf({ rows, more }: Window): string {
  return windowText({
    rows: rows.map(
      row => (row.startsWith('no-id') ? row.split(' ')[2] : row.split(' ', 1)[0]) ?? ''
    ),
    more,
    token: null
  })
}

/** Ids alone, unless these are right and values are not. */
function gotText(window: Window, expected: Window): string {
  const ids = idsOf(window)
  return ids === idsOf(expected) ? windowText(window) : ids
}

function problemText(body: JsonValue): string {
  return `${member(body, 'statusCode')} ${member(body, 'code')}: ${member(body, 'message')}`
}
