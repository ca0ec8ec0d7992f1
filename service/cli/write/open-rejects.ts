import type { FileHandle } from 'node:fs/promises'
import { access, constants, open, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

import { errorCode } from '../../base/error-code.ts'
import type { Reject } from '../../bulk/reject-line.ts'
import { rejectLine } from '../../bulk/reject-line.ts'
import { writeFault } from '../read/row-output.ts'
import { shownText } from '../shown-text.ts'
import { inodeOf } from '../inode-of.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import type { Input } from './open-input.ts'
import type { OpenLedger } from './open-ledger.ts'

/** Takes the rows that were not written. */
export type Rejects = {
  add(reject: Reject): Promise<void>
  close(): Promise<void>
}

/** Rejects that are told on standard error, at most. */
const TOLD_MAX = 20

/**
 * Opens the rejects of a run: a file, or for want of one the first lines of standard error.
 *
 * @throws CommandError for a file that cannot be written, or is that of the input or of the ledger.
 */
export async function openRejects(
  name: string | null,
  input: Input,
  ledger: OpenLedger,
  terminal: Terminal
): Promise<Rejects> {
  if (name === null) return toldRejects(input, terminal)
  const shown = `"${name}"`
  const path = resolve(terminal.directory, name)
  const handle = await open(path, 'a', 0o600).catch(error => {
    throw writeFault(shown, error)
  })
  const stat = await handle.stat()
  const inode = inodeOf(stat)
  if (inode === input.inode || inode === ledger.inode) {
    await handle.close()
    const other = inode === input.inode ? '--in' : '--ledger'
    throw new CommandError(`${shown} is the file of ${other}; name another file with --rejects`)
  }
  if (stat.isFile()) await handle.truncate(0)
  return fileRejects(shown, handle)
}

/**
 * Looks whether a file of rejects can be written, before there are any. Nothing is changed.
 *
 * @throws CommandError
 */
export async function assertRejectsPlace(name: string, { directory }: Terminal): Promise<void> {
  const path = resolve(directory, name)
  try {
    const before = await stat(path).catch(error =>
      errorCode(error) === 'ENOENT' ? null : Promise.reject(error)
    )
    if (before?.isDirectory()) throw Object.assign(new Error(name), { code: 'EISDIR' })
    await access(before === null ? dirname(path) : path, constants.W_OK)
  } catch (error) {
    throw writeFault(`"${name}"`, error)
  }
}

function fileRejects(shown: string, handle: FileHandle): Rejects {
  let last: Promise<void> = Promise.resolve()
  return {
    add(reject) {
      last = last
        .then(() => handle.appendFile(rejectLine(reject)))
        .catch(error => Promise.reject(writeFault(shown, error)))
      return last
    },
    async close() {
      await last.catch(() => {})
      await handle.close()
    }
  }
}

function toldRejects({ name }: Input, { err }: Terminal): Rejects {
  let count = 0
  return {
    async add({ line, outcome, reason }) {
      if (outcome === 'unsent') return
      if (++count <= TOLD_MAX) err(`${name}:${line}: ${outcome}: ${shownText(reason)}`)
    },
    async close() {
      if (count > TOLD_MAX) err(`and ${count - TOLD_MAX} more; --rejects FILE writes all of them`)
    }
  }
}
