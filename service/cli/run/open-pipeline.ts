import type { JsonObject } from '../../base/json.ts'
import type { CompiledPipeline } from '../../compiler/manifest/compile-pipeline.ts'
import { compilePipeline } from '../../compiler/manifest/compile-pipeline.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import type { ConfigurationValues } from '../../operations/types.ts'
import { isManifest } from '../../parse/parse-document.ts'
import type { CommandContext } from '../command.ts'
import { diagnosticLine } from '../diagnostic-line.ts'
import type { CommandDocument } from '../document/read-document.ts'
import { openCommand } from '../session/open-command.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import type { PipelineRun } from './pipeline-run.ts'
import { openS3 } from './s3-bucket.ts'

/** A manifest that can be run. */
export type OpenPipeline = {
  readonly run: PipelineRun
  /** Whether it is a file of the user. */
  readonly isLocal: boolean
  close(): Promise<void>
}

/**
 * Opens a manifest to run it. Nothing is called.
 *
 * @param name FILE as it was typed.
 * @param partition Members of `partition` that the command gives to each input.
 * @param signal Aborts all calls.
 * @throws ConnectorError for an unusable manifest or configuration; CommandError for a manifest that cannot be run.
 */
export async function openPipeline(
  name: string,
  configuration: ConfigurationValues,
  partition: JsonObject,
  signal: AbortSignal,
  context: CommandContext
): Promise<OpenPipeline> {
  const { terminal } = context
  const opened = await openCommand(name, configuration, signal, context)
  const s3 = openS3(context, signal)
  const close = async (): Promise<void> => {
    await s3.close()
    await opened.close()
  }
  try {
    const { session, read } = opened
    const { document, isLocal } = read
    const pipeline = runnable(read, partition, terminal)
    return { run: { name, document, pipeline, session, s3, signal, terminal }, isLocal, close }
  } catch (error) {
    await close()
    throw error
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
  for (const diagnostic of [...errors, ...warnings]) err(diagnosticLine(diagnostic))
  if (errors.length === 0) return pipeline
  throw new CommandError('the manifest cannot be run; nothing was called')
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}
