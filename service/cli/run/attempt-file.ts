import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Stats } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import type { TextTarget } from '../../bulk/row-sink.ts'
import { realPlace } from '../document/real-place.ts'
import { writeFault } from '../read/row-output.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'

/** What is written under another name, and appears when it is complete. */
export type Attempt = TextTarget & {
  /** Ends it. It does not appear yet. */
  close(): Promise<void>
  /**
   * Makes it appear. It has been closed.
   *
   * @param rows How many rows it has.
   */
  commit(rows: number): Promise<CommittedFiles>
  /** Removes it, if it has not been committed. */
  discard(): Promise<void>
}

/** What appeared: files and, of a table, the number of the commit. */
export type CommittedFiles = { readonly files: readonly WrittenFile[]; readonly version?: number }

/** What a file has, with what was there before a run appended to it. */
export type WrittenFile = { readonly path: string; readonly bytes: number; readonly sha256: string }

/** What an attempt begins with. */
export type KeptText = {
  /** Whether anything was there. */
  readonly isAny: boolean
  /** How it begins, at most `KEPT_HEAD_BYTES`. */
  readonly head: string
}

/** The header of a file is compared so far. */
const KEPT_HEAD_BYTES = 1024 * 1024

/**
 * The place of a file that a run writes.
 *
 * @throws CommandError for one that cannot be written.
 */
export async function attemptPlace(name: string, { directory }: Terminal): Promise<AttemptPlace> {
  const path = await realPlace(resolve(directory, name))
  const before = await stat(path).catch(() => null)
  if (before !== null && !before.isFile()) {
    const what = before.isDirectory() ? 'a directory' : 'no file'
    throw new CommandError(`"${name}" cannot be written: it is ${what}`)
  }
  return { name, path, before }
}

export type AttemptPlace = {
  /** As the manifest names it. */
  readonly name: string
  readonly path: string
  /** The file that is there. */
  readonly before: Stats | null
}

/**
 * Begins a file in the directory of its place, which is made if it is missing.
 *
 * @param run Distinguishes the attempts of all who write at the same time, and of commands that were killed.
 * @throws CommandError for one that cannot be written.
 */
export async function beginAttempt(
  { name, path, before }: AttemptPlace,
  run: string
): Promise<Attempt> {
  const attempt = join(dirname(path), `.${basename(path)}.${run}.attempt`)
  const named = <T>(work: Promise<T>): Promise<T> =>
    work.catch(error => Promise.reject(writeFault(`"${name}"`, error)))
  await named(mkdir(dirname(path), { recursive: true }))
  const handle = await named(open(attempt, 'wx', before?.mode))
  const hash = createHash('sha256')
  let bytes = 0
  let isOpen = true
  const end = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await handle.close()
  }
  return {
    async write(text) {
      const chunk = typeof text === 'string' ? Buffer.from(text) : text
      hash.update(chunk)
      bytes += chunk.length
      await named(handle.writeFile(chunk))
    },
    close: () => named(handle.datasync().then(end)),
    async commit() {
      if (!isSame(before, await stat(path).catch(() => null))) {
        throw new CommandError(`"${name}" was changed by somebody else during the run`)
      }
      await named(rename(attempt, path))
      return { files: [{ path: name, bytes, sha256: hash.digest('hex') }] }
    },
    async discard() {
      await end()
      await rm(attempt, { force: true })
    }
  }
}

/** Removes what earlier commands of a run, which were killed, have left of their attempts in a directory. */
export async function removeAttempts(directory: string, run: string): Promise<void> {
  // What cannot be listed, or is not there yet, keeps what was left: it harms nobody.
  const names = await readdir(directory).catch(() => [])
  const left = names.filter(name => name.includes(`.${run}.`) && name.endsWith('.attempt'))
  for (const name of left) await rm(join(directory, name), { force: true })
}

function isSame(one: Stats | null, other: Stats | null): boolean {
  if (one === null || other === null) return one === other
  return one.ino === other.ino && one.size === other.size && one.mtimeMs === other.mtimeMs
}

/** Begins an attempt with what is there. A last line that is not ended is ended. */
export async function keepBefore(
  { name, path, before }: AttemptPlace,
  attempt: Attempt
): Promise<KeptText> {
  if (before === null || before.size === 0) return { isAny: false, head: '' }
  let head = Buffer.alloc(0)
  let last: number | undefined
  try {
    for await (const chunk of createReadStream(path)) {
      const bytes: Buffer = chunk
      if (head.length < KEPT_HEAD_BYTES) head = Buffer.concat([head, bytes])
      last = bytes.at(-1)
      await attempt.write(bytes)
    }
  } catch (error) {
    throw error instanceof CommandError ? error : writeFault(`"${name}"`, error)
  }
  if (last !== '\n'.charCodeAt(0)) await attempt.write('\n')
  return { isAny: true, head: head.subarray(0, KEPT_HEAD_BYTES).toString() }
}
