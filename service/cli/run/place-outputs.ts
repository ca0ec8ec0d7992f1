import type { PipelineOutput } from '../../model/pipeline-output.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { attemptPlace } from './attempt-file.ts'
import { openDeltaPlace } from './delta-log.ts'
import { openFileStore } from './open-file-store.ts'
import type { PlacedOutput } from './move-rows.ts'
import type { OutputPlace } from './open-file-output.ts'
import type { S3 } from './s3-bucket.ts'

/**
 * Finds the places of outputs, which are as they were when the run began.
 *
 * @throws CommandError for one that cannot be written, and for two outputs in one place.
 */
export async function placeOutputs(
  outputs: readonly PipelineOutput[],
  scope: { readonly s3: S3; readonly terminal: Terminal }
): Promise<readonly PlacedOutput[]> {
  const placed: PlacedOutput[] = []
  for (const output of outputs) {
    const place = await openPlace(output, scope)
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
  { s3, terminal }: { readonly s3: S3; readonly terminal: Terminal }
): Promise<OutputPlace> {
  if (format === 'delta') return openDeltaPlace(await openFileStore(path, s3, terminal))
  return /^s3:/i.test(path) ? { name: path, path, s3 } : attemptPlace(path, terminal)
}
