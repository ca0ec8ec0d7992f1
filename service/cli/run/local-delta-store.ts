import { createReadStream } from 'node:fs'
import { link, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

import { realPlace } from '../document/real-place.ts'
import { writeFault } from '../read/row-output.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { beginAttempt } from './attempt-file.ts'
import type { DeltaStore } from './delta-log.ts'

/**
 * The directory of a Delta table on this machine.
 *
 * @throws CommandError for what is no directory.
 */
export async function localDeltaStore(given: string, { directory }: Terminal): Promise<DeltaStore> {
  const path = await realPlace(resolve(directory, given))
  const name = given.endsWith('/') ? given.slice(0, -1) : given
  const before = await stat(path).catch(() => null)
  if (before !== null && !before.isDirectory()) {
    throw new CommandError(`"${name}" cannot be written: it is no directory`)
  }
  const log = join(path, '_delta_log')
  return {
    name,
    path,
    list: () => readdir(log).catch(() => []),
    lines: file => createInterface({ input: createReadStream(join(log, file)) }),
    async put(file, text, run) {
      const attempt = join(log, `.${run}.attempt`)
      try {
        await mkdir(log, { recursive: true })
        await writeFile(attempt, text, { flush: true })
        // A link, unlike a new name, does not replace what is there.
        await link(attempt, join(log, file))
        return true
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
        throw writeFault(`"${name}"`, error)
      } finally {
        await rm(attempt, { force: true })
      }
    },
    begin: (part, run) =>
      beginAttempt({ name: `${name}/${part}`, path: join(path, part), before: null }, run),
    remove: part => rm(join(path, part), { force: true })
  }
}
