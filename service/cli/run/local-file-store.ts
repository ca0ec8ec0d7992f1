import { createReadStream } from 'node:fs'
import { link, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { errorCode } from '../../base/error-code.ts'
import { realPlace } from '../document/real-place.ts'
import { writeFault } from '../read/row-output.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError, systemReason } from '../terminal.ts'
import { beginAttempt } from './attempt-file.ts'
import type { FileStore } from './file-store.ts'

/**
 * A directory on this machine, which is made when something is written to it.
 *
 * @throws CommandError for what is no directory.
 */
export async function localFileStore(given: string, { directory }: Terminal): Promise<FileStore> {
  const path = await realPlace(resolve(directory, given))
  const name = given.endsWith('/') ? given.slice(0, -1) : given
  const before = await stat(path).catch(() => null)
  if (before !== null && !before.isDirectory()) {
    throw new CommandError(`"${name}" cannot be written: it is no directory`)
  }
  return {
    name,
    path,
    list: below =>
      readdir(join(path, below)).catch(error => {
        if (errorCode(error) === 'ENOENT') return []
        throw new CommandError(
          `"${join(name, below)}" cannot be read: ${systemReason(error) ?? 'it failed'}`
        )
      }),
    bytes: file => createReadStream(join(path, file)),
    async put(file, text, run) {
      const target = join(path, file)
      const attempt = join(dirname(target), `.${basename(target)}.${run}.attempt`)
      try {
        await mkdir(dirname(target), { recursive: true })
        await writeFile(attempt, text, { flush: true })
        // A link, unlike a new name, does not replace what is there.
        await link(attempt, target)
        return true
      } catch (error) {
        if (errorCode(error) === 'EEXIST') return false
        throw writeFault(`"${name}"`, error)
      } finally {
        await rm(attempt, { force: true })
      }
    },
    begin: (file, run) =>
      beginAttempt({ name: `${name}/${file}`, path: join(path, file), before: null }, run),
    remove: file => rm(join(path, file), { force: true })
  }
}
