import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'

import type { LedgerHead, LedgerState } from '../../bulk/row-ledger.ts'
import {
  createLedgerState,
  ledgerLine,
  readLedgerEntry,
  readLedgerHead
} from '../../bulk/row-ledger.ts'
import { splitLines } from '../../bulk/split-lines.ts'
import type { WriteLedger } from '../../bulk/write-rows.ts'
import { writeFault } from '../read/row-output.ts'
import { inodeOf } from '../inode-of.ts'
import { lockPath } from '../lock-path.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'

/** A ledger in use. */
export type OpenLedger = WriteLedger & {
  /** Which file it is, for comparison with others; null for none. */
  readonly inode: string | null
  close(): Promise<void>
}

/** Most bytes of a line. */
const LINE_MAX_BYTES = 64 * 1024

/**
 * Opens the file of `--ledger` (docs/pipelines.md#the-ledger), and reads what earlier runs noted. It is appended to only;
 * what a run that was killed has left of a last line is cut off.
 *
 * @param head What the run is: a ledger of another input or target is refused.
 * @param input The inode of the rows.
 * @throws CommandError for a file that cannot be written, is of something else, has the rows, or is in use by another run.
 */
export async function openLedger(
  name: string,
  head: LedgerHead,
  input: string | null,
  { directory }: Terminal
): Promise<OpenLedger> {
  const shown = `"${name}"`
  const path = resolve(directory, name)
  const unlock = await lockPath(shown, path)
  let handle: FileHandle | undefined
  try {
    handle = await open(path, 'a+', 0o600)
    const inode = inodeOf(await handle.stat())
    if (inode === input) {
      throw new CommandError(`${shown} is the file of --in; name another file with --ledger`)
    }
    const state = createLedgerState()
    const isNew = await readEntries(shown, handle, head, state)
    const append = createAppender(handle)
    if (isNew) await append(ledgerLine(head))
    const file = handle
    return {
      inode,
      isKept: true,
      stateOf: state.of,
      openOf: state.openOf,
      add: entries =>
        append(entries.map(ledgerLine).join('')).catch(error =>
          Promise.reject(writeFault(shown, error))
        ),
      async close() {
        await file.close()
        await unlock()
      }
    }
  } catch (error) {
    await handle?.close()
    await unlock()
    throw error instanceof CommandError ? error : writeFault(shown, error)
  }
}

/** A run without ledger. */
export const NO_LEDGER: OpenLedger = {
  inode: null,
  isKept: false,
  stateOf: () => ({ is: 'new' }),
  openOf: () => 0,
  add: async () => {},
  close: async () => {}
}

/** Reads the lines of a ledger. @returns Whether it has none yet. */
async function readEntries(
  shown: string,
  handle: FileHandle,
  head: LedgerHead,
  state: LedgerState
): Promise<boolean> {
  let bytes = 0
  const chunks = handle.createReadStream({ start: 0, autoClose: false })
  for await (const line of splitLines(chunks, LINE_MAX_BYTES)) {
    const text = line.bytes === null ? '' : Buffer.from(line.bytes).toString()
    const isHalfHead = !line.isEnded && ledgerLine(head).startsWith(text)
    if (line.number === 1 && !isHalfHead) assertSame(shown, readLedgerHead(text), head)
    // Half a line was written for a request that has not left, or an outcome that was not noted.
    if (!line.isEnded) {
      await handle.truncate(bytes)
      break
    }
    bytes += (line.bytes?.length ?? 0) + 1
    if (line.number === 1) continue
    const entry = readLedgerEntry(text)
    if (entry === null) {
      throw new CommandError(`${shown} is no ledger: line ${line.number} cannot be read`)
    }
    state.add(entry)
  }
  return bytes === 0
}

function assertSame(shown: string, found: LedgerHead | null, wanted: LedgerHead): void {
  if (found === null) {
    throw new CommandError(`${shown} is no ledger; name another file with --ledger`)
  }
  const other = found.input === wanted.input ? 'of another target' : 'of another input'
  if (found.input === wanted.input && found.target === wanted.target) return
  throw new CommandError(
    `${shown} is the ledger ${other} (type "${found.type}"); name another file with --ledger`
  )
}

/**
 * Creates what appends text to a file, and resolves when it is on disk. Texts that come while others are written are
 * written together.
 */
function createAppender(handle: FileHandle): (text: string) => Promise<void> {
  let waiting: { readonly texts: string[]; readonly done: PromiseWithResolvers<void> } | null = null
  let running = false
  let failure: { readonly error: unknown } | null = null
  async function run(): Promise<void> {
    running = true
    while (waiting !== null) {
      const { texts, done } = waiting
      waiting = null
      try {
        // Behind half a line nothing may follow.
        if (failure !== null) throw failure.error
        await handle.appendFile(texts.join(''))
        await handle.datasync()
        done.resolve()
      } catch (error) {
        failure ??= { error }
        done.reject(error)
      }
    }
    running = false
  }
  return text => {
    waiting ??= { texts: [], done: Promise.withResolvers() }
    waiting.texts.push(text)
    const { promise } = waiting.done
    if (!running) void run()
    return promise
  }
}
