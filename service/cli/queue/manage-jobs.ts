import type { SharedPart, SharedRun } from '../../store/shared-runs.ts'
import type { CommandContext, CommandInput, CommandOption } from '../command.ts'
import { shownText } from '../shown-text.ts'
import type { ExitCode } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { CANCEL, JSON_RUNS, PAUSE, RESUME, RETRY } from './jobs-command.ts'
import type { RunQueue } from './open-run-queue.ts'
import { addWaiting, openRunQueue } from './open-run-queue.ts'
import { failuresOf, standingOf } from './run-standing.ts'

/**
 * `openapi-flow jobs [RUN]`: lists queued runs, or the parts of one, after it was changed as an option says
 * (docs/pipelines.md#jobs).
 *
 * @returns 1 for a run of which parts failed, or that was cancelled, else 0.
 * @throws CommandError for an unknown run, options that do not go together, and as `openRunQueue`.
 */
export async function manageJobs(input: CommandInput, context: CommandContext): Promise<ExitCode> {
  const [id] = input.operands
  const given = [PAUSE, RESUME, RETRY, CANCEL].filter(option => input.has(option))
  if (given.length > 1) {
    throw new CommandError(`${given.map(({ name }) => name).join(' and ')} do not go together`)
  }
  const [change] = given
  if (id === undefined && change !== undefined) {
    throw new CommandError(
      `${change.name} needs RUN, the id of a run as \`openapi-flow jobs\` lists it`
    )
  }
  const queue = await openRunQueue(context)
  try {
    if (id === undefined) {
      showRuns(await queue.runs.list(), input.has(JSON_RUNS), context)
      return 0
    }
    if (change !== undefined) await changeRun(await runOf(id, queue), change, queue)
    const run = await runOf(id, queue)
    showRun(run, await queue.runs.parts(id), input.has(JSON_RUNS), context)
    return ['failed', 'cancelled'].includes(standingOf(run)) ? 1 : 0
  } finally {
    await queue.close()
  }
}

async function runOf(id: string, { runs }: RunQueue): Promise<SharedRun> {
  const run = await runs.find(id)
  if (run === null) throw new CommandError(`there is no run "${id}"`)
  return run
}

async function changeRun(run: SharedRun, change: CommandOption, queue: RunQueue): Promise<void> {
  const standing = standingOf(run)
  if (standing === 'complete' || standing === 'cancelled') {
    throw new CommandError(`the run "${run.id}" is ${standing}`)
  }
  const { runs } = queue
  if (change === PAUSE) return runs.set(run.id, 'paused')
  if (change === CANCEL) return runs.set(run.id, 'cancelled')
  const waiting = await runs.again(run.id, change === RETRY)
  await addWaiting(queue, await runOf(run.id, queue), waiting)
}

function showRuns(runs: readonly SharedRun[], isJson: boolean, { terminal }: CommandContext): void {
  const rows = runs.map(run => ({ ...factsOf(run), name: run.name }))
  if (isJson) terminal.out(JSON.stringify(rows, null, 2))
  else if (rows.length === 0) terminal.err('there are no runs')
  else for (const row of rows) terminal.out(lineOf(row))
}

function lineOf({ run, startedAt, state, done, parts, name }: RunRow): string {
  return [run, startedAt, state.padEnd(9), `${done}/${parts} parts`, shownText(name)].join('  ')
}

type RunRow = ReturnType<typeof factsOf> & Pick<SharedRun, 'name'>

/** The last part of a run is its last step, and is counted with none. */
function factsOf(run: SharedRun) {
  const parts = run.parts - 1
  const { id, at, done, failed } = run
  return {
    ...{ run: id, startedAt: new Date(at).toISOString(), state: standingOf(run) },
    ...{ parts, done: Math.min(done, parts), failed }
  }
}

function showRun(
  run: SharedRun,
  shared: readonly SharedPart[],
  isJson: boolean,
  { terminal }: CommandContext
): void {
  const { name } = run
  const facts = factsOf(run)
  const parts = shared.map((part, number) => ({
    part: number === facts.parts ? 'outputs' : number,
    ...part
  }))
  if (isJson) {
    terminal.out(JSON.stringify({ ...facts, name, parts }, null, 2))
    return
  }
  terminal.out(`${shownText(name)}: ${facts.state}, ${facts.done} of ${facts.parts} parts are done`)
  for (const { part, state, progress } of parts) {
    if (state === 'running') terminal.out(`  ${part}: ${shownText(progress) || 'has begun'}`)
  }
  for (const failure of failuresOf(shared)) terminal.out(`  ${shownText(failure)}`)
}
