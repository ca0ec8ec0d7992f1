import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'

import type { CompiledPipeline } from '../../compiler/manifest/compile-pipeline.ts'
import { compilePipeline } from '../../compiler/manifest/compile-pipeline.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import type { PipelineOutput } from '../../model/pipeline-output.ts'
import { isManifest } from '../../parse/parse-document.ts'
import type { CommandContext, CommandInput } from '../command.ts'
import { describeFailure } from '../describe-failure.ts'
import type { CommandDocument } from '../document/read-document.ts'
import { realPlace } from '../document/real-place.ts'
import { readConfiguration } from '../session/read-configuration.ts'
import { openCommand } from '../session/open-command.ts'
import { shownText } from '../shown-text.ts'
import type { ExitCode, Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { attemptPlace } from './attempt-file.ts'
import { openDeltaPlace } from './delta-log.ts'
import { localDeltaStore } from './local-delta-store.ts'
import type { OutputPlace } from './open-file-output.ts'
import type { S3 } from './s3-bucket.ts'
import { openS3 } from './s3-bucket.ts'
import { s3DeltaStore } from './s3-delta-store.ts'
import type { PlacedOutput } from './move-rows.ts'
import { moveRows } from './move-rows.ts'
import type { CommittedOutput } from './commit-outputs.ts'
import { commitOutputs } from './commit-outputs.ts'

/**
 * `openapi-flow run FILE`: writes the rows of a manifest's inputs to its outputs (docs/pipelines.md#running-a-pipeline),
 * and prints what was written as JSON.
 *
 * @returns 0 when all outputs are complete; 1 when the run failed or was stopped.
 * @throws ConnectorError for an unusable manifest or configuration; CommandError for a wrong command, a manifest that
 *   cannot be run, or a file that cannot be written.
 */
export async function runPipeline(input: CommandInput, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context
  const [document = ''] = input.operands
  const configuration = await readConfiguration(input, terminal)
  const stop = new AbortController()
  // Nobody awaits it where the run ends by itself.
  void terminal.untilStopped().then(reason => stop.abort(reason))
  const opened = await openCommand(document, configuration, stop.signal, context)
  const s3 = await openS3(context, stop.signal)
  try {
    const { outputs } = runnable(opened.read, terminal)
    const manifest = await realPlace(resolve(terminal.directory, document))
    const placed: PlacedOutput[] = []
    for (const output of outputs) {
      const place = await openPlace(output, s3, terminal)
      if (place.path === manifest) throw new CommandError(`"${place.name}" is the manifest itself`)
      const other = placed.find(before => before.place.path === place.path)
      if (other !== undefined) {
        const names = `"${place.name}" is the place of another output, "${other.place.name}"`
        throw new CommandError(names)
      }
      placed.push({ output, place })
    }
    const run = { id: randomUUID(), startedAt: new Date().toISOString() }
    return await runOutputs(run, placed, opened.session, stop.signal, terminal)
  } finally {
    await s3.close()
    await opened.close()
  }
}

async function openPlace(
  { format, path }: PipelineOutput,
  s3: S3,
  terminal: Terminal
): Promise<OutputPlace> {
  const isS3 = /^s3:/i.test(path)
  if (format === 'delta') {
    return openDeltaPlace(isS3 ? s3DeltaStore(path, s3) : await localDeltaStore(path, terminal))
  }
  return isS3 ? { name: path, path, s3 } : attemptPlace(path, terminal)
}

/** @throws CommandError for a manifest with errors, which are told with their places. */
function runnable({ document, model }: CommandDocument, { err }: Terminal): CompiledPipeline {
  if (!isManifest(document)) throw new CommandError('only a manifest can be run')
  const pipeline = compilePipeline(document, model)
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

async function runOutputs(
  run: { readonly id: string; readonly startedAt: string },
  placed: readonly PlacedOutput[],
  session: Parameters<typeof moveRows>[1],
  signal: AbortSignal,
  terminal: Terminal
): Promise<ExitCode> {
  let inputs: Awaited<ReturnType<typeof moveRows>>
  try {
    inputs = await moveRows(placed, session, { run: run.id, signal, terminal })
  } catch (error) {
    terminal.err(signal.aborted ? 'the run was stopped' : describeFailure(error))
    terminal.err('No output was changed.')
    return 1
  }
  const outputs: CommittedOutput[] = []
  const failure = await commitOutputs(
    inputs.flatMap(({ written }) => written),
    outputs
  )
  const told = inputs.map(({ name, pages, records, repeated, misfits }) => {
    return { name, pages, records, repeated, misfits }
  })
  const finishedAt = new Date().toISOString()
  const isComplete = failure === null
  const manifest = { run: run.id, startedAt: run.startedAt, finishedAt, isComplete }
  terminal.out(JSON.stringify({ ...manifest, inputs: told, outputs }, null, 2))
  if (isComplete) return 0
  terminal.err(describeFailure(failure))
  const names = outputs.map(({ name }) => name).join(', ')
  terminal.err(`Outputs that are known to be new: ${names === '' ? 'none' : names}.`)
  return 1
}
