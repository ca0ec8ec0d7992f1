import { rm, stat, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'

import { inodeOf } from './inode-of.ts'
import { writeFault } from './read/row-output.ts'
import { CommandError } from './terminal.ts'

/** SQLite's code for a file that somebody else has locked. */
const BUSY = 5

/**
 * Locks a ledger or the directory of a run against other runs. The lock is one of the operating system on the file
 * `PATH.lock`, taken by way of SQLite: it ends with the process, also with one that is killed.
 *
 * @param shown What is locked, for messages.
 * @returns What releases it.
 * @throws CommandError where another run has it, or the file cannot be made.
 */
export async function lockPath(shown: string, path: string): Promise<() => Promise<void>> {
  const file = `${path}.lock`
  for (;;) {
    await writeFile(file, '', { flag: 'a', mode: 0o600 }).catch(error => {
      throw writeFault(shown, error)
    })
    const before = await stat(file).then(inodeOf, () => null)
    const database = lock(shown, file)
    // Another run may have removed the file before it was locked.
    if (before !== null && before === (await stat(file).then(inodeOf, () => null))) {
      return async () => {
        await rm(file, { force: true })
        database.close()
      }
    }
    database.close()
  }
}

function lock(shown: string, file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    const isBusy = error instanceof Error && 'errcode' in error && error.errcode === BUSY
    throw isBusy
      ? new CommandError(`${shown} is in use by another run`)
      : new CommandError(`${shown} cannot be locked: "${file}" is no file of this command`)
  }
}
