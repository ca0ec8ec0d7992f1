import { createReadStream } from 'node:fs'
import { link, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

import type { DeltaTable } from '../../bulk/delta-table.ts'
import { createDeltaLogReader, deltaCommitName, NO_DELTA_TABLE } from '../../bulk/delta-table.ts'
import { writeFault } from '../read/row-output.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'

/** The directory of a Delta table. */
export type DeltaPlace = {
  /** As the manifest names it, without a slash at the end. */
  readonly name: string
  readonly path: string
  /** The table when the run began. */
  readonly table: DeltaTable
}

const COMMIT = /^\d{20}\.json$/

/**
 * Opens the table of an output; one that is not there yet has no commit.
 *
 * @throws CommandError for what is no directory, and for a log that cannot be read.
 */
export async function openDeltaPlace(given: string, { directory }: Terminal): Promise<DeltaPlace> {
  const path = resolve(directory, given)
  const name = given.endsWith('/') ? given.slice(0, -1) : given
  const before = await stat(path).catch(() => null)
  if (before !== null && !before.isDirectory()) {
    throw new CommandError(`"${name}" cannot be written: it is no directory`)
  }
  return { name, path, table: await readDeltaLog({ name, path }) }
}

/** @throws CommandError for a log that is not whole, or cannot be read. */
export async function readDeltaLog({
  name,
  path
}: Pick<DeltaPlace, 'name' | 'path'>): Promise<DeltaTable> {
  const log = join(path, '_delta_log')
  const all = await readdir(log).catch(() => [])
  if (all.length === 0) return NO_DELTA_TABLE
  const commits = all.filter(file => COMMIT.test(file)).toSorted()
  if (commits.length === 0 || commits.some((file, version) => file !== deltaCommitName(version))) {
    throw new CommandError(
      `"${name}" cannot be written: its log begins with a checkpoint, or a commit of it is missing`
    )
  }
  const reader = createDeltaLogReader()
  for (const [version, file] of commits.entries()) {
    try {
      const input = createReadStream(join(log, file))
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        reader.read(version, line)
      }
    } catch {
      throw new CommandError(`"${name}/_delta_log/${file}" cannot be read as a commit of a table`)
    }
  }
  return reader.table()
}

/**
 * Writes a commit whole, unless there is one of its number.
 *
 * @returns Whether it is written.
 * @throws CommandError for a directory that cannot be written.
 */
export async function putDeltaCommit(
  { name, path }: Pick<DeltaPlace, 'name' | 'path'>,
  version: number,
  text: string,
  run: string
): Promise<boolean> {
  const log = join(path, '_delta_log')
  const attempt = join(log, `.${run}.attempt`)
  try {
    await mkdir(log, { recursive: true })
    await writeFile(attempt, text, { flush: true })
    // A link, unlike a new name, does not replace what is there.
    await link(attempt, join(log, deltaCommitName(version)))
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw writeFault(`"${name}"`, error)
  } finally {
    await rm(attempt, { force: true })
  }
}
