import type { JsonObject } from '../../base/json.ts'
import type { CompiledPipeline } from '../../compiler/manifest/compile-pipeline.ts'
import { compilePipeline } from '../../compiler/manifest/compile-pipeline.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { isManifest } from '../../parse/parse-document.ts'
import type { CommandContext, CommandInput } from '../command.ts'
import type { CommandDocument } from '../document/read-document.ts'
import { readConfiguration } from '../session/read-configuration.ts'
import { openCommand } from '../session/open-command.ts'
import { shownText } from '../shown-text.ts'
import type { ExitCode, Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { partitionMembers } from './partition-option.ts'
import type { PipelineRun } from './pipeline-run.ts'
import { assertWritable, planParts } from './plan-parts.ts'
import { runInParts } from './run-in-parts.ts'
import type { RunOptions } from './run-options.ts'
import { runWhole } from './run-whole.ts'
import { openS3 } from './s3-bucket.ts'

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
  const stop = new AbortController()
  // Nobody awaits it where the run ends by itself.
  void terminal.untilStopped().then(reason => stop.abort(reason))
  const { signal } = stop
  const opened = await openCommand(name, configuration, signal, context)
  const s3 = await openS3(context, signal)
  try {
    const { session, read } = opened
    const pipeline = runnable(read, partitionMembers(input), terminal)
    const { document } = read
    const run: PipelineRun = { name, document, pipeline, session, s3, signal, terminal }
    assertWritable(pipeline, session)
    const parts = await planParts(pipeline, session, terminal)
    if (options.isPlanned) {
      terminal.out(JSON.stringify(parts, null, 2))
      return 0
    }
    const isWhole =
      parts.every(({ partition }) => partition === null) && pipeline.writes.length === 0
    if (isWhole && options.directory === null) return await runWhole(run)
    return await runInParts(run, parts, options)
  } finally {
    await s3.close()
    await opened.close()
  }
}

/** @throws CommandError for a manifest with errors, which are told with their places. */
function runnable(
  { document, model }: CommandDocument,
  partition: JsonObject,
  { err }: Terminal
): CompiledPipeline {
  if (!isManifest(document)) throw new CommandError('only a manifest can be run')
  const pipeline = compilePipeline(document, model, partition)
  const errors = [...model.index.diagnostics, ...pipeline.diagnostics].filter(isError)
  const warnings = pipeline.diagnostics.filter(({ severity }) => severity === 'warning')
  for (const { file, line, column, severity, code, message } of [...errors, ...warnings]) {
    err(shownText(`${file}:${line ?? 1}:${column ?? 1} ${severity} ${code} ${message}`))
  }
  if (errors.length === 0) return pipeline
  throw new CommandError('the manifest cannot be run; nothing was called')
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}
