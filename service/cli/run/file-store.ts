import { parseWritten } from '../../base/exact-number.ts'
import { CommandError } from '../terminal.ts'
import type { Attempt } from './attempt-file.ts'

/** A directory on this machine or in S3. Files are named by their paths in it. */
export type FileStore = {
  /** As the user names it, without a slash at the end. */
  readonly name: string
  /** What two spellings of one directory have in common. */
  readonly path: string
  /** The names of the files of a directory in it; empty where it is not there. */
  list(directory: string): Promise<readonly string[]>
  bytes(file: string): AsyncIterable<Uint8Array>
  /**
   * Writes a file whole, unless it is there; whether it is written.
   *
   * @param run Distinguishes those who write at the same time.
   */
  put(file: string, text: string, run: string): Promise<boolean>
  /** Begins a file, which appears when it is committed. */
  begin(file: string, run: string): Promise<Attempt>
  remove(file: string): Promise<void>
}

/** Whether a path, as a user names it or as `FileStore` has it, is one of S3. */
export function isInS3(path: string): boolean {
  return /^s3:/i.test(path)
}

/**
 * The JSON of a file that a run has kept.
 *
 * @throws CommandError for what is none.
 */
export async function storedJson<T>(store: FileStore, file: string): Promise<T> {
  const text = await storedText(store, file)
  try {
    return parseWritten<T>(text)
  } catch {
    throw new CommandError(
      `"${store.name}/${file}" is damaged; remove it, and the same command goes on without it`
    )
  }
}

/** The text of a file. */
export async function storedText(store: FileStore, file: string): Promise<string> {
  return Buffer.concat(await Array.fromAsync(store.bytes(file))).toString()
}
