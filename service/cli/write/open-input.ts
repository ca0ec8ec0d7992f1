import type { Hash } from 'node:crypto'
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { addAbortSignal } from 'node:stream'

import { inodeOf } from '../inode-of.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError, systemReason } from '../terminal.ts'

/** The rows of a command as bytes, which can be read again and again. */
export type Input = {
  /** For messages. */
  readonly name: string
  /** Which file it is, for comparison with others; null for none that others could be. */
  readonly inode: string | null
  /** @param hash Gets all bytes. */
  bytes(hash?: Hash): AsyncGenerator<Uint8Array, void, undefined>
  /** @throws CommandError if the file was changed since it was opened. */
  assertUnchanged(): Promise<void>
  close(): Promise<void>
}

/** Bytes that are read at once. */
const CHUNK_BYTES = 256 * 1024

/**
 * Opens the rows of a command. What cannot be read twice, such as standard input and pipes, is copied to a temporary
 * file first, which nobody else can read.
 *
 * @param name Null: standard input.
 * @param signal Ends the copying.
 * @throws CommandError for a file that cannot be read.
 */
export async function openInput(
  name: string | null,
  { directory, input }: Terminal,
  signal: AbortSignal
): Promise<Input> {
  if (name === null) return inputOf('standard input', await copied(input, signal), false)
  const shown = `"${name}"`
  const handle = await open(resolve(directory, name), 'r').catch(error => {
    throw new CommandError(`${shown} cannot be read: ${systemReason(error) ?? 'it failed'}`)
  })
  const stat = await handle.stat()
  if (stat.isFile()) return inputOf(name, handle, true)
  if (stat.isDirectory()) {
    await handle.close()
    throw new CommandError(`${shown} cannot be read: it is a directory`)
  }
  return inputOf(name, await copied(handle.createReadStream(), signal), false)
}

async function inputOf(name: string, handle: FileHandle, isNamed: boolean): Promise<Input> {
  const stat = await handle.stat()
  const { size, mtimeMs } = stat
  return {
    name,
    inode: isNamed ? inodeOf(stat) : null,
    async *bytes(hash = createHash('sha256')) {
      for (let at = 0; ; ) {
        const { bytesRead, buffer } = await handle.read(
          Buffer.allocUnsafe(CHUNK_BYTES),
          0,
          CHUNK_BYTES,
          at
        )
        if (bytesRead === 0) return
        const chunk = buffer.subarray(0, bytesRead)
        hash.update(chunk)
        at += bytesRead
        yield chunk
      }
    },
    async assertUnchanged() {
      const now = await handle.stat()
      if (now.size === size && now.mtimeMs === mtimeMs) return
      throw new CommandError(`"${name}" was changed while it was read`)
    },
    close: () => handle.close()
  }
}

/** The file has no name any more, so that nothing is left of it when the process ends, however it does. */
async function copied(source: Readable, signal: AbortSignal): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'openapi-flow-'))
  let handle: FileHandle
  try {
    handle = await open(join(folder, 'rows'), 'wx+', 0o600)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  try {
    for await (const chunk of addAbortSignal(signal, source)) await handle.appendFile(chunk)
    return handle
  } catch (error) {
    await handle.close()
    if (signal.aborted) throw new CommandError('stopped before anything was sent')
    const reason = systemReason(error) ?? 'it failed'
    throw new CommandError(`the rows cannot be copied to ${tmpdir()}: ${reason}`)
  }
}
