import type { RowTarget } from '../operations/row-target.ts'
import { planRow } from '../operations/row-target.ts'
import type { Repeats, RowResult } from '../operations/send-rows.ts'
import { sendRows } from '../operations/send-rows.ts'
import type { GroupedRow, RowGroup as GroupOf } from './group-rows.ts'
import { groupRows } from './group-rows.ts'
import type { Reject } from './reject-line.ts'
import type { LedgerEntry, RowState } from './row-ledger.ts'
import type { WritableRow } from './row-turn.ts'
import { rowTurn } from './row-turn.ts'

/** Where a run notes what becomes of its rows. */
export type WriteLedger = {
  /** Whether it outlives the run. */
  readonly isKept: boolean
  stateOf(line: number): RowState
  openOf(call: string): number
  /** Resolves when the entries are on disk. */
  add(entries: readonly LedgerEntry[]): Promise<void>
}

/** What became of rows, by the word for it; `before` were saved by an earlier run. */
export type WriteCounts = {
  readonly [outcome in RowResult['is'] | 'before']: number
}

export type WriteOptions = {
  readonly target: RowTarget
  readonly rows: AsyncIterable<WritableRow>
  readonly ledger: WriteLedger
  /** Takes each row that was not written. */
  readonly reject: (reject: Reject) => Promise<void>
  /** Most requests at once. */
  readonly concurrency: number
  /** Stops after so many requests one after another of which no row was saved; 0: never. */
  readonly stopAfter: number
  /** Whether rows are sent of which an earlier run does not know whether they were saved. */
  readonly includesUnknown: boolean
  /** Stops the run: requests that have left are awaited. */
  readonly signal: AbortSignal
  readonly onCounts: (counts: WriteCounts) => void
}

export type WriteEnd = {
  readonly counts: WriteCounts
  /** Why rows were left; null where all had their turn. */
  readonly stopped: { readonly by: 'signal' | 'failures'; readonly reason: string } | null
}

type RowGroup = GroupOf<WritableRow>

/**
 * Writes rows in their order, in requests of as many as the type takes, several at once
 * (docs/pipelines.md#what-is-promised). Rows with one external id are never under way at once. A request is noted
 * in the ledger before it leaves, and its outcome after.
 *
 * @throws what the ledger, the rows and the rejects throw, once all requests have ended.
 */
export async function writeRows(options: WriteOptions): Promise<WriteEnd> {
  const { target, ledger, concurrency, stopAfter, signal, onCounts } = options
  const counts = { saved: 0, failed: 0, unknown: 0, unsent: 0, before: 0 }
  const running = new Set<Promise<void>>()
  const busyIds = new Set<string>()
  let failures = 0
  let stopped: WriteEnd['stopped'] = null
  let fault: { readonly error: unknown } | null = null

  const count = (outcome: keyof WriteCounts): void => {
    counts[outcome]++
    onCounts(counts)
  }
  const reject = (row: WritableRow, outcome: Reject['outcome'], reason: string): Promise<void> => {
    count(outcome)
    return options.reject({ line: row.line, outcome, reason, row: row.row })
  }
  const isOver = (): boolean => stopped !== null || fault !== null

  async function settle(group: RowGroup, given: readonly RowResult[], repeats: Repeats) {
    // Where a key makes repeats harmless, one before the last may have been applied.
    const results =
      repeats === 'key' && !ledger.isKept ? given.map(result => asUnknown(result)) : given
    const entries = group.rows.flatMap(({ row: { line } }, index): LedgerEntry[] => {
      const result = results[index] ?? UNTOLD
      const isSettled = result.is === 'saved' || result.is === 'failed'
      // Another run sends it again with the same key.
      return isSettled || repeats !== 'key' ? [entryOf(line, result)] : []
    })
    await ledger.add(entries)
    for (const [index, { row }] of group.rows.entries()) {
      const result = results[index] ?? UNTOLD
      if (result.is === 'saved') count('saved')
      else if (result.is !== 'unsent' || !ledger.isKept) {
        await reject(row, result.is, result.reason)
      } else count('unsent')
    }
    const failed = given.find(result => result.is !== 'saved')
    failures = results.some(({ is }) => is === 'saved') ? 0 : failures + 1
    if (failed === undefined) return
    if (failed.is === 'unsent') stopped ??= { by: 'failures', reason: failed.reason }
    if (stopAfter > 0 && failures >= stopAfter) {
      const reason = `${failures} requests one after another saved nothing; the last one: ${failed.reason}`
      stopped ??= { by: 'failures', reason }
    }
  }

  async function send(group: RowGroup): Promise<void> {
    const [first, ...others] = group.rows.map(({ save }) => save.save)
    if (first === undefined) return
    let repeats: Repeats = null
    const onSend = async (given: Repeats): Promise<void> => {
      repeats = given
      const [at, call] = [Date.now(), group.call]
      await ledger.add(
        group.rows.map(({ row: { line } }) => ({ row: line, is: 'sent', call, repeats, at }))
      )
    }
    const request = { saves: [first, ...others] as const, key: group.call, onSend }
    const results = await sendRows(target, request)
    await settle(group, results, repeats)
  }

  async function start(group: RowGroup): Promise<void> {
    const ids = group.rows.flatMap(({ save: { id } }) => id ?? [])
    while (running.size >= concurrency || ids.some(id => busyIds.has(id))) {
      await Promise.race(running)
    }
    if (isOver() || signal.aborted) return leave(group)
    for (const id of ids) busyIds.add(id)
    const task: Promise<void> = send(group)
      .catch((error: unknown) => {
        fault ??= { error }
      })
      .finally(() => {
        for (const id of ids) busyIds.delete(id)
        running.delete(task)
      })
    running.add(task)
  }

  /** Rows that have no turn any more. Without a ledger, the rejects are how they can go on. */
  async function leave(group: Pick<RowGroup, 'rows'>): Promise<void> {
    for (const { row } of group.rows) {
      if (ledger.isKept) count('unsent')
      else await reject(row, 'unsent', 'the run was stopped before')
    }
  }

  const groups = groupRows(openRows(), ledger.openOf)

  /** The rows that are to be sent; the others are told of. */
  async function* openRows(): AsyncGenerator<GroupedRow<WritableRow>, void, undefined> {
    for await (const row of options.rows) {
      const isLeft = isOver() || signal.aborted
      // A ledger knows what is left.
      if (isLeft && ledger.isKept) return
      const turn = rowTurn(row, ledger.stateOf(row.line), options.includesUnknown)
      if (turn.is === 'saved') count('before')
      else if (turn.is !== 'send') {
        if (turn.isNew) await ledger.add([{ row: row.line, is: turn.is, reason: turn.reason }])
        await reject(row, turn.is, turn.reason)
      } else if (isLeft) await reject(row, 'unsent', 'the run was stopped before')
      else yield { row, call: turn.call, save: await planRow(target, row.row) }
    }
  }

  try {
    for await (const group of groups) await start(group)
  } catch (error) {
    fault ??= { error }
  }
  while (running.size > 0) await Promise.race(running)
  if (fault !== null) throw fault.error
  if (signal.aborted) stopped ??= { by: 'signal', reason: '' }
  return { counts, stopped }
}

const UNTOLD: RowResult = { is: 'unknown', reason: 'the answer does not tell of the row' }

function asUnknown(result: RowResult): RowResult {
  return result.is === 'unsent' ? { is: 'unknown', reason: result.reason } : result
}

function entryOf(row: number, result: RowResult): LedgerEntry {
  switch (result.is) {
    case 'saved':
      return { row, is: 'saved', id: result.id }
    case 'unsent':
      return { row, is: 'unsent' }
    default:
      return { row, is: result.is, reason: result.reason }
  }
}
