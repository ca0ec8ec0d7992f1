import { setTimeout as wait } from 'node:timers/promises'

import type { SharedRun } from '../../store/shared-runs.ts'
import { untilAborted } from '../../time/deadline.ts'
import { showStatus } from '../show-status.ts'
import { shownText } from '../shown-text.ts'
import type { ExitCode, Terminal } from '../terminal.ts'
import type { RunQueue } from './open-run-queue.ts'
import type { RunStanding } from './run-standing.ts'
import { failuresOf, standingOf } from './run-standing.ts'

/** How often Redis is asked (ms). */
const ASK_MS = 1_000

/**
 * Waits for a run that workers perform, and prints its manifest if they wrote the outputs.
 *
 * @param signal Ends the wait; the run goes on.
 * @returns 0 when it is complete; 1 when parts failed, or it was cancelled or lost; 3 when the wait was ended.
 */
export async function awaitRun(
  id: string,
  queue: RunQueue,
  signal: AbortSignal,
  terminal: Terminal
): Promise<ExitCode> {
  let run: SharedRun | null = null
  const status = showStatus(terminal, () => (run === null ? '' : progressOf(run)))
  try {
    // Redis may be away, which is no reason to hold who wants to go.
    const find = (): Promise<SharedRun | null> => untilAborted(queue.runs.find(id), signal)
    for (run = await find(); run !== null && isUnderWay(standingOf(run)); run = await find()) {
      await wait(ASK_MS, undefined, { signal })
    }
    status.end()
    if (run !== null) return await untilAborted(conclude(run, queue, terminal), signal)
  } catch (error) {
    if (!signal.aborted) throw error
    terminal.err(`The run goes on: \`openapi-flow jobs ${id}\` tells how far it is.`)
    return 3
  } finally {
    status.end()
  }
  terminal.err(`Redis has lost the run ${id}: the same command gives it to the workers again.`)
  return 1
}

function isUnderWay(standing: RunStanding): boolean {
  return standing === 'running' || standing === 'paused'
}

function progressOf({ parts, done, state }: SharedRun): string {
  const all = parts - 1
  const paused = state === 'paused' ? ', paused' : ''
  return done < all ? `${done} of ${all} parts${paused}` : `the last step${paused}`
}

async function conclude(run: SharedRun, { runs }: RunQueue, terminal: Terminal): Promise<ExitCode> {
  const { id } = run
  const standing = standingOf(run)
  if (standing === 'complete') {
    const manifest = (await runs.result(id, run.parts - 1)) ?? ''
    if (manifest !== '') terminal.out(manifest)
    return 0
  }
  if (standing === 'cancelled') {
    terminal.err('the run was cancelled; with another --dir it is begun anew')
    return 1
  }
  for (const failure of failuresOf(await runs.parts(id))) terminal.err(shownText(failure))
  terminal.err(`Parts failed: \`openapi-flow jobs ${id} --retry\` begins them again.`)
  return 1
}
