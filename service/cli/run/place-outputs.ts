import { resolve, sep } from 'node:path'

import type { PipelineOutput } from '../../model/pipeline-output.ts'
import { realPlace } from '../document/real-place.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { attemptPlace } from './attempt-file.ts'
import { openDeltaPlace } from './delta-log.ts'
import type { FileStore } from './file-store.ts'
import { isInS3 } from './file-store.ts'
import { openFileStore } from './open-file-store.ts'
import type { PlacedOutput } from './move-rows.ts'
import type { OutputPlace } from './open-file-output.ts'
import type { PipelineRun } from './pipeline-run.ts'

/**
 * Compares the places of all outputs and of their rejects, by whatever names, with each other and with what a run reads.
 *
 * @param store The directory of the run; null for none.
 * @throws CommandError for two in one place, and for one in the place of the manifest or of a file of ids, or in the
 *   directory of the run.
 */
export async function assertPlaces(
  { name, pipeline, terminal }: Pick<PipelineRun, 'name' | 'pipeline' | 'terminal'>,
  store: FileStore | null
): Promise<void> {
  const taken = [{ path: await placeOf(name, terminal), what: 'the manifest itself' }]
  for (const { name: input, partition } of pipeline.inputs) {
    if (partition?.by !== 'ids' || !('file' in partition.ids)) continue
    const what = `the file of ids of \`inputs.${input}\``
    taken.push({ path: await placeOf(partition.ids.file, terminal), what })
  }
  const own = store && (await placeOf(store.path, terminal))
  const rejects = pipeline.writes.map(write => write.rejects)
  for (const given of [...pipeline.outputs.map(output => output.path), ...rejects]) {
    const path = await placeOf(given, terminal)
    const shown = given.replace(/\/$/, '')
    if (store !== null && own !== null && isWithin(path, own)) {
      throw new CommandError(
        `"${shown}" is in "${store.name}", the directory of the run, where it may be removed; name another place`
      )
    }
    const other = taken.find(each => each.path === path)
    if (other !== undefined) throw new CommandError(`"${shown}" is ${other.what}`)
    taken.push({ path, what: `the place of another output, "${shown}"` })
  }
}

/** What two spellings of one file, object or directory have in common. */
async function placeOf(given: string, { directory }: Terminal): Promise<string> {
  return isInS3(given)
    ? given.replace(/^s3:/i, 's3:').replace(/\/$/, '')
    : realPlace(resolve(directory, given))
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory + (isInS3(directory) ? '/' : sep))
}

/**
 * Opens the places of outputs, which are as they were when the run began.
 *
 * @throws CommandError for one that cannot be written.
 */
export async function placeOutputs(
  outputs: readonly PipelineOutput[],
  scope: Pick<PipelineRun, 's3' | 'terminal'>
): Promise<readonly PlacedOutput[]> {
  const placed: PlacedOutput[] = []
  for (const output of outputs) placed.push({ output, place: await openPlace(output, scope) })
  return placed
}

async function openPlace(
  { format, path }: PipelineOutput,
  { s3, terminal }: Pick<PipelineRun, 's3' | 'terminal'>
): Promise<OutputPlace> {
  if (format === 'delta') return openDeltaPlace(await openFileStore(path, s3, terminal))
  return isInS3(path) ? { name: path, path, s3 } : attemptPlace(path, terminal)
}
