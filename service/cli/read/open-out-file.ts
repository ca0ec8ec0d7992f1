import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { errorCode } from '../../base/error-code.ts'
import type { FileMark } from '../../bulk/resume-token.ts'
import { realPlace } from '../document/real-place.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError, systemReason } from '../terminal.ts'
import type { RowOutput } from './row-output.ts'
import { writeFault } from './row-output.ts'

/** Bytes at the end of what counts by which a file is known again. */
const END_BYTES = 1_024

/** How often a token is kept beside the rows (ms). */
const KEEP_MS = 1_000

/**
 * Opens the file of `--out` (docs/pipelines.md#the-file). Rows go into `FILE.part` beside it, which takes the name
 * FILE when they are complete, and a token into `FILE.resume`. What is no regular file, such as a pipe, is written to
 * directly.
 *
 * @param mark Where the rows go on: what stands behind it is cut off. Null for a new file.
 * @throws CommandError for a file that cannot be written, or is not that of the mark.
 */
export async function openOutFile(
  name: string,
  mark: FileMark | null,
  { directory, err }: Terminal
): Promise<RowOutput> {
  const path = await realPlace(resolve(directory, name))
  const before = await stat(path).catch(() => null)
  if (before?.isDirectory())
    throw new CommandError(`"${name}" cannot be written: it is a directory`)
  if (before !== null && !before.isFile()) return openSpecialFile(name, path)
  const [part, resume] = [`${path}.part`, `${path}.resume`]
  const shown = `${name}.part`
  if (mark === null && (await stat(resume).catch(() => null)) !== null) {
    err(`warning: "${shown}" has the rows of a read that was stopped; they are read again`)
  }
  const handle = await open(part, mark === null ? 'w' : 'r+', before?.mode).catch(error => {
    throw openFault(shown, error, mark)
  })
  try {
    if (mark === null) await rm(resume, { force: true })
    else await cutBack(handle, mark, shown)
    const file = { handle, shown, part, resume, path }
    return createPartFile(file, mark?.bytes ?? 0, await endOf(handle, mark))
  } catch (error) {
    await handle.close()
    throw error instanceof CommandError ? error : writeFault(`"${shown}"`, error)
  }
}

type PartFile = {
  readonly handle: FileHandle
  readonly shown: string
  readonly part: string
  readonly resume: string
  readonly path: string
}

function createPartFile(file: PartFile, start: number, startEnd: Buffer): RowOutput {
  const { handle, shown, part, resume, path } = file
  let bytes = start
  let end = startEnd
  let keptAt = Number.NEGATIVE_INFINITY
  /** Rows are written while a token is kept, which may take long. */
  let keeping: Promise<void> | null = null
  let failure: unknown
  const named = <T>(work: Promise<T>): Promise<T> =>
    work.catch(error => Promise.reject(writeFault(`"${shown}"`, error)))
  const keepNow = async (token: string): Promise<void> => {
    await handle.datasync()
    // Whoever reads it finds all of it, or that before.
    await writeFile(`${resume}.part`, `${token}\n`, { mode: 0o600 })
    await rename(`${resume}.part`, resume)
  }
  return {
    name: shown,
    async write(text) {
      if (failure !== undefined) throw failure
      const chunk = bytesOf(text)
      await named(writeAll(handle, chunk, bytes))
      bytes += chunk.length
      end = lastBytes(end, chunk)
    },
    mark: () => ({ bytes, end: hashOf(end) }),
    keep(token) {
      const now = performance.now()
      if (keeping !== null || now - keptAt < KEEP_MS) return
      keptAt = now
      keeping = named(keepNow(token())).then(
        () => {
          keeping = null
        },
        error => {
          failure = error
        }
      )
    },
    finish: () =>
      named(
        (async () => {
          await keeping
          await handle.datasync()
          await handle.close()
          await rename(part, path)
          await rm(resume, { force: true })
        })()
      ),
    async leave(token) {
      await keeping
      // The disk may be what has failed.
      if (token !== null) await keepNow(token).catch(() => {})
      await handle.close()
    },
    async discard() {
      await keeping
      await handle.close()
      await rm(part, { force: true })
    }
  }
}

/** A pipe or a device: it has no part that could be cut off, and no other name. */
async function openSpecialFile(name: string, path: string): Promise<RowOutput> {
  const shown = `"${name}"`
  const handle = await open(path, 'w').catch(error => Promise.reject(writeFault(shown, error)))
  const close = (): Promise<void> => handle.close()
  return {
    name: shown,
    write: text =>
      writeAll(handle, bytesOf(text), null).catch(error =>
        Promise.reject(writeFault(shown, error))
      ),
    mark: () => null,
    keep: () => {},
    finish: close,
    leave: close,
    discard: close
  }
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? Buffer.from(text) : text
}

async function writeAll(
  handle: FileHandle,
  chunk: Uint8Array,
  position: number | null
): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    const place = position === null ? null : position + at
    const { bytesWritten } = await handle.write(chunk, at, chunk.length - at, place)
    at += bytesWritten
  }
}

/** Cuts off what was written after a mark, such as half a row. */
async function cutBack(handle: FileHandle, mark: FileMark, shown: string): Promise<void> {
  const { size } = await handle.stat()
  const isKnown = size >= mark.bytes && hashOf(await endOf(handle, mark)) === mark.end
  if (!isKnown) {
    throw new CommandError(`"${shown}" is not the file in which the read of the token was stopped`)
  }
  await handle.truncate(mark.bytes)
}

async function endOf(handle: FileHandle, mark: FileMark | null): Promise<Buffer> {
  if (mark === null) return Buffer.alloc(0)
  const length = Math.min(END_BYTES, mark.bytes)
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, mark.bytes - length)
  return buffer
}

function lastBytes(end: Buffer, chunk: Uint8Array): Buffer {
  const whole = chunk.length >= END_BYTES ? chunk : Buffer.concat([end, chunk])
  return Buffer.from(whole.subarray(-END_BYTES))
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 16)
}

function openFault(shown: string, error: unknown, mark: FileMark | null): CommandError {
  const isGone = errorCode(error) === 'ENOENT'
  if (isGone && mark !== null) {
    return new CommandError(`there is no "${shown}", in which the read of the token was stopped`)
  }
  if (isGone) return new CommandError(`"${shown}" cannot be written: there is no such directory`)
  const reason = systemReason(error)
  return reason === undefined
    ? writeFault(`"${shown}"`, error)
    : new CommandError(`"${shown}" cannot be written: ${reason}`)
}
