import { randomUUID } from 'node:crypto'

import { openRows } from '../../operations/read-rows.ts'
import { EVERY_OBJECT } from '../../plan/filter/every-object.ts'
import { describeFailure } from '../describe-failure.ts'
import { patientSession } from '../session/patient-session.ts'
import type { ExitCode } from '../terminal.ts'
import type { CommittedOutput } from './commit-outputs.ts'
import { commitOutputs } from './commit-outputs.ts'
import { moveRows } from './move-rows.ts'
import { assertPlaces, placeOutputs } from './place-outputs.ts'
import type { PipelineRun } from './pipeline-run.ts'

/**
 * Runs a pipeline in one go: reads each input once, straight into attempts of its outputs, which appear when all inputs
 * were read to their end.
 *
 * @throws CommandError for an output that cannot be written, before the first call.
 */
export async function runWhole(run: PipelineRun): Promise<ExitCode> {
  const { pipeline, session, signal, terminal } = run
  await assertPlaces(run, null)
  const placed = await placeOutputs(pipeline.outputs, run)
  const id = randomUUID()
  const startedAt = new Date().toISOString()
  let inputs: Awaited<ReturnType<typeof moveRows>>
  try {
    inputs = await moveRows(
      placed,
      (type, onWait) =>
        openRows(patientSession(session, onWait), {
          ...{ type, filter: EVERY_OBJECT, from: null, values: {} }
        }),
      { run: id, signal, terminal }
    )
  } catch (error) {
    terminal.err(signal.aborted ? 'the run was stopped' : describeFailure(error))
    terminal.err('No output was changed.')
    return 1
  }
  const outputs: CommittedOutput[] = []
  const failure = await commitOutputs(
    inputs.flatMap(({ written }) => written),
    output => void outputs.push(output)
  )
  const told = inputs.map(({ name, pages, records, repeated, misfits }) => {
    return { name, pages, records, repeated, misfits }
  })
  const finishedAt = new Date().toISOString()
  const isComplete = failure === null
  const manifest = { run: id, startedAt, finishedAt, isComplete }
  terminal.out(JSON.stringify({ ...manifest, inputs: told, outputs }, null, 2))
  if (isComplete) return 0
  terminal.err(describeFailure(failure))
  const names = outputs.map(({ name }) => name).join(', ')
  terminal.err(`Outputs that are known to be new: ${names === '' ? 'none' : names}.`)
  return 1
}
