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
  if (isJson) return terminal.out(JSON.stringify(rows, null, 2))
  if (rows.length === 0) return terminal.err('there are no runs')
  for (const { run, startedAt, state, done, parts, name } of rows) {
    const counted = `${done}/${parts} parts`
    terminal.out([run, startedAt, state.padEnd(9), counted, shownText(name)].join('  '))
  }
}

/** The last part of a run is writing the outputs, and is counted with none. */
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
  parts: readonly SharedPart[],
  isJson: boolean,
  { terminal }: CommandContext
): void {
  const told = parts.map((part, number) => ({
    part: number === parts.length - 1 ? 'outputs' : number,
    ...part
  }))
  const { state, ...facts } = factsOf(run)
  if (isJson) return terminal.out(JSON.stringify({ ...facts, state, told }, null, 2))
  terminal.out(`${shownText(run.name)}: ${state}, ${facts.done} of ${facts.parts} parts are done`)
  for (const { part, state: is, progress } of told) {
    if (is === 'running') terminal.out(`  ${part}: ${shownText(progress) || 'has begun'}`)
  }
  for (const failure of failuresOf(parts)) terminal.out(`  ${shownText(failure)}`)
}
