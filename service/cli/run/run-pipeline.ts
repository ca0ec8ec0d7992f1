import type { CommandContext, CommandInput } from '../command.ts'
import { INPUT } from '../document/read-input.ts'
import { readConfiguration } from '../session/read-configuration.ts'
import { stopSignal } from '../stop-signal.ts'
import type { ExitCode } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { openPipeline } from './open-pipeline.ts'
import { partitionMembers } from './partition-option.ts'
import { assertWritable, planParts } from './plan-parts.ts'
import { runInParts } from './run-in-parts.ts'
import type { RunOptions } from './run-options.ts'
import { runWhole } from './run-whole.ts'

/**
 * `openapi-flow run FILE`: writes the rows of a manifest's inputs to its outputs (docs/pipelines.md#running-a-pipeline),
 * and prints what was written as JSON.
 *
 * @returns 0 when all outputs are complete; 1 when the run failed or was stopped; 3 when the same command goes on.
 * @throws ConnectorError for an unusable manifest or configuration; CommandError for a wrong command, a manifest that
 *   cannot be run, or a file that cannot be written.
 */
export async function runPipeline(
  input: CommandInput,
  options: RunOptions,
  context: CommandContext
): Promise<ExitCode> {
  const { terminal } = context
  const [name = ''] = input.operands
  const configuration = await readConfiguration(input, terminal)
  const signal = stopSignal(terminal)
  const partition = partitionMembers(input)
  const opened = await openPipeline(name, configuration, partition, signal, context)
  try {
    const { run } = opened
    const { pipeline, session } = run
    assertWritable(pipeline, session)
    const parts = await planParts(pipeline, session, terminal)
    if (options.isPlanned) {
      terminal.out(JSON.stringify(parts, null, 2))
      return 0
    }
    const { directory, workers } = options
    if (options.isQueued && directory !== null) {
      const { submitRun } = await import('../queue/submit-run.ts')
      return await submitRun({ opened, parts, configuration, partition, directory }, context)
    }
    const isWhole = parts.every(each => each.partition === null) && pipeline.writes.length === 0
    if (workers === null) {
      const isDirect = isWhole && directory === null
      return isDirect ? await runWhole(run) : await runInParts(run, parts, options)
    }
    if (name === INPUT) throw new CommandError('--workers reads the manifest from a file')
    const { runWorkers } = await import('./run-workers.ts')
    const scope = { context, name, configuration, partition, workers, signal }
    return await runInParts(run, parts, options, (store, left) =>
      runWorkers(scope, store.path, left)
    )
  } finally {
    await opened.close()
  }
}
