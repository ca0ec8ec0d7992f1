import type { JsonValue } from '../../service/base/json.ts'
import { isJsonArray, member } from '../../service/base/json.ts'
import type { ListApi, Row } from './list-api.ts'
import type { ListLoad } from './list-loads.ts'
import { expectedRows } from './list-loads.ts'

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

/** Makes a load, and compares what comes with the list. */
export async function checkLoad(
  api: ListApi,
  load: ListLoad,
  client: ListClient
): Promise<Verdict> {
  const rows = expectedRows(api, load).map(rowText)
  const isWalk = load.kind === 'walk by token' || load.kind === 'walk by offset'
  let { offset } = load
  let offsetToken: string | null = null
  for (let steps = 1; ; steps++) {
    const answer = await client.load(listFilter({ ...load, offset }, offsetToken))
    const { calls, isRefused } = client.takeCalls()
    const end = load.limit === 0 ? rows.length : offset + load.limit
    const expected = { rows: rows.slice(offset, end), more: end < rows.length, token: null }
    const facts = { load: { ...load, offset }, expected: idsOf(expected), calls, fault: '' }
    if (answer.status !== 200) {
      const got = problemText(answer.body)
      if (answer.status === 500) return { ...facts, is: 'wrong', got, fault: 'crash' }
      return { ...facts, is: isRefused ? 'exact' : 'problem', got }
    }
    const window = readWindow(answer.body)
    const fault = faultOf(window, expected)
    if (fault !== '') return { ...facts, is: 'wrong', got: gotText(window, expected), fault }
    if (!isWalk || !window.more) return { ...facts, is: 'exact', got: facts.expected }
    if (steps === STEPS_MAX)
      return { ...facts, is: 'wrong', got: `more after ${steps} windows`, fault: 'endless' }
    offset += load.limit
    offsetToken = load.kind === 'walk by token' ? window.token : null
  }
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
const ROW = /^(t\d+|\d+) Thing \d \w+ \d+$/

function listFilter(
  { limit, offset, status, direction }: ListLoad,
  offsetToken: string | null
): object {
  const condition = { columnName: 'status', criteriaType: 'EQUAL', contentValue: status }
  const where = status === null ? [] : [condition]
  const orderBy = direction === null ? [] : [{ columnName: 'rank', direction }]
  return { limit, offset, offsetToken, where, orderBy }
}

function rowText({ id, name, status, rank }: Row): string {
  return [id, name, status, rank].join(' ')
}

function readWindow(body: JsonValue): Window {
  const objects = member(body, 'objectData')
  const token = member(body, 'offsetToken')
  return {
    rows: (isJsonArray(objects) ? objects : []).map(objectText),
    more: member(body, 'hasMoreResults') === true,
    token: typeof token === 'string' ? token : null
  }
}

function objectText(object: JsonValue): string {
  const properties = member(object, 'properties')
  const values = (isJsonArray(properties) ? properties : []).map(
    property => [member(property, 'developerName'), member(property, 'contentValue')] as const
  )
  const value = (name: string): JsonValue | undefined => values.find(([key]) => key === name)?.[1]
  return [member(object, 'externalId'), value('name'), value('status'), value('rank')].join(' ')
}

function windowText({ rows, more }: Window): string {
  return `${rows.join('; ')}${more ? ' and more' : ''}`
}

function idsOf({ rows, more }: Window): string {
  return windowText({ rows: rows.map(row => row.split(' ', 1)[0] ?? ''), more, token: null })
}

/** Ids alone, unless these are right and values are not. */
function gotText(window: Window, expected: Window): string {
  const ids = idsOf(window)
  return ids === idsOf(expected) ? windowText(window) : ids
}

function problemText(body: JsonValue): string {
  return `${member(body, 'statusCode')} ${member(body, 'code')}: ${member(body, 'message')}`
}
