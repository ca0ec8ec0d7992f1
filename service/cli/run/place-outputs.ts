import { resolve } from 'node:path'

import type { PipelineOutput } from '../../model/pipeline-output.ts'
import { realPlace } from '../document/real-place.ts'
import { CommandError } from '../terminal.ts'
import { attemptPlace } from './attempt-file.ts'
import { openDeltaPlace } from './delta-log.ts'
import { openFileStore } from './open-file-store.ts'
import type { PlacedOutput } from './move-rows.ts'
import type { OutputPlace } from './open-file-output.ts'
import type { PipelineRun } from './pipeline-run.ts'

/**
 * Finds the places of outputs, which are as they were when the run began.
 *
 * @throws CommandError for one that cannot be written, for two outputs in one place, and for one in the place of the manifest.
 */
export async function placeOutputs(
  outputs: readonly PipelineOutput[],
  scope: Pick<PipelineRun, 'name' | 's3' | 'terminal'>
): Promise<readonly PlacedOutput[]> {
  const manifest = await realPlace(resolve(scope.terminal.directory, scope.name))
  const placed: PlacedOutput[] = []
  for (const output of outputs) {
    const place = await openPlace(output, scope)
    if (place.path === manifest) throw new CommandError(`"${place.name}" is the manifest itself`)
    const other = placed.find(before => before.place.path === place.path)
    if (other !== undefined) {
      const names = `"${place.name}" is the place of another output, "${other.place.name}"`
      throw new CommandError(names)
    }
    placed.push({ output, place })
  }
  return placed
}

async function openPlace(
  { format, path }: PipelineOutput,
  { s3, terminal }: Pick<PipelineRun, 's3' | 'terminal'>
): Promise<OutputPlace> {
  if (format === 'delta') return openDeltaPlace(await openFileStore(path, s3, terminal))
  return /^s3:/i.test(path) ? { name: path, path, s3 } : attemptPlace(path, terminal)
}
