import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import type { PermitRequest, SharedPermit, SharedRateLimit } from '../../store/shared-rate-limit.ts'

/** How long a process waits for another one's turn (ms). */
const BUSY_MS = 5_000

const TABLES = `
create table if not exists permits (
  name text not null, number integer not null, moment real not null, primary key (name, number)
) without rowid;
create table if not exists states (
  name text primary key, number integer not null, "left" integer, until real not null, after integer not null
) without rowid`

type State = {
  readonly number: number
  /** Calls that the API allows until a moment, as it told after a permit; null where it told nothing. */
  readonly left: number | null
  readonly until: number
  readonly after: number
}

const NEW: State = { number: 0, left: null, until: 0, after: 0 }

/** Makes the file of a rate limit that processes of this machine share. @returns Its path, and what removes it. */
export async function makeMachineRateLimit(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'openapi-flow-'))
  return { path: join(folder, 'calls'), remove: () => rm(folder, { recursive: true, force: true }) }
}

/**
 * Opens rate limits that processes of this machine share by a file, as `createSharedRateLimit` shares them by Redis. All
 * moments are those of the monotonic clock, which is one for all processes of a machine, whoever sets its time.
 */
export function openMachineRateLimit(path: string): SharedRateLimit {
  const database = new DatabaseSync(path, { timeout: BUSY_MS })
  // It is of no use after the machine has stopped.
  database.exec('pragma synchronous = off')
  database.exec(TABLES)
  const find = database.prepare('select number, "left", until, after from states where name = ?')
  const keep = database.prepare('replace into states values (?, ?, ?, ?, ?)')
  const back = database.prepare('delete from permits where name = ? and number = ?')
  const add = database.prepare('insert into permits values (?, ?, ?)')
  const forget = database.prepare('delete from permits where name = ? and moment < ?')
  const nth = database.prepare(
    'select moment from permits where name = ? order by number desc limit 1 offset ?'
  )
  const momentOf = (name: string, fromLast: number): number =>
    Number(nth.get(name, fromLast)?.moment ?? 0)
  const stateOf = (name: string): State => {
    const found = find.get(name)
    if (found === undefined) return NEW
    const { number, left, until, after } = found
    const held = left === null ? null : Number(left)
    return { number: Number(number), left: held, until: Number(until), after: Number(after) }
  }
  const permit = (name: string, request: PermitRequest): SharedPermit => {
    const { windows, afterMs, withinMs, instead } = request
    const now = Number(process.hrtime.bigint() / 1_000n) / 1_000
    let state = told(stateOf(name), request, now)
    if (instead?.isGranted === true) {
      back.run(name, instead.number)
      const isOfAllowance = instead.moment < state.until && instead.number > state.after
      if (state.left !== null && isOfAllowance) state = { ...state, left: state.left + 1 }
    }
    let due = Math.max(now + afterMs, momentOf(name, 0))
    if (state.left !== null && state.left <= 0) due = Math.max(due, state.until)
    for (const { calls, ms } of windows) {
      const earlier = momentOf(name, calls - 1)
      if (earlier > 0) due = Math.max(due, earlier + ms)
    }
    const isGranted = due - now <= withinMs
    const number = isGranted ? state.number + 1 : state.number
    if (isGranted) add.run(name, number, due)
    const takes = isGranted && state.left !== null && due < state.until ? 1 : 0
    const left = state.left === null ? null : state.left - takes
    keep.run(name, number, left, state.until, state.after)
    const longest = windows.reduce((most, { ms }) => Math.max(most, ms), 0)
    forget.run(name, now - longest)
    return { isGranted, waitMs: due - now, number, moment: due, heldMs: 0 }
  }
  return {
    async take(key, request) {
      database.exec('begin immediate')
      try {
        const taken = permit(key, request)
        database.exec('commit')
        return taken
      } catch (error) {
        database.exec('rollback')
        throw error
      }
    }
  }
}

/** A state with what the API told. A later report counts more than an earlier one. */
function told(state: State, { allowance }: PermitRequest, now: number): State {
  const isOver = state.left === null || state.until <= now
  const before = isOver ? { ...state, left: null, until: 0 } : state
  if (allowance === null) return before
  const { left, forMs, after } = allowance
  if (!isOver && left > 0 && after < state.after) return before
  return { ...before, left: left - Math.max(0, state.number - after), until: now + forMs, after }
}
