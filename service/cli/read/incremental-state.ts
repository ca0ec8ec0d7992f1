import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { errorCode } from '../../base/error-code.ts'
import { parseWritten } from '../../base/exact-number.ts'
import { isJsonArray, isJsonObject } from '../../base/json.ts'
import type { JsonValue } from '../../base/json.ts'
import type { Boundary } from '../../bulk/incremental-reader.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError, systemReason } from '../terminal.ts'
import { writeFault } from './row-output.ts'

/** What a state is of: another read must not go on with it. */
export type StateIdentity = { readonly [part: string]: JsonValue }

const VERSION = 1

/**
 * Reads the boundary of the last complete read from its file; null where there is no file yet.
 *
 * @throws CommandError for a file that cannot be read, has something else, or is of another read.
 */
export async function readIncrementalState(
  name: string,
  identity: StateIdentity,
  { directory }: Terminal
): Promise<Boundary | null> {
  let text: string
  try {
    text = await readFile(resolve(directory, name), 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw new CommandError(`"${name}" cannot be read: ${systemReason(error) ?? 'it failed'}`)
  }
  const state = parsedState(text)
  if (state === null) {
    throw new CommandError(
      `"${name}" is no state of an incremental read; remove it to read everything again`
    )
  }
  if (state.read !== hashOf(identity)) {
    throw new CommandError(
      `"${name}" is the state of a read with another type, field, parameter or condition; name another file in \`incremental.state\``
    )
  }
  return state.boundary
}

/** Writes the boundary of a complete read. */
export async function writeIncrementalState(
  name: string,
  identity: StateIdentity,
  { value, rows }: Boundary,
  { directory }: Terminal
): Promise<void> {
  const path = resolve(directory, name)
  const text = JSON.stringify({ version: VERSION, read: hashOf(identity), value, rows }, null, 2)
  try {
    await writeFile(`${path}.part`, `${text}\n`)
    await rename(`${path}.part`, path)
  } catch (error) {
    throw writeFault(`"${name}"`, error)
  }
}

function parsedState(text: string): { read: string; boundary: Boundary } | null {
  let state: JsonValue
  try {
    state = parseWritten<JsonValue>(text)
  } catch {
    return null
  }
  if (!isJsonObject(state) || state.version !== VERSION || typeof state.read !== 'string') {
    return null
  }
  const { read, value = null, rows = null } = state
  if (!isJsonArray(rows) || value === null) return null
  const keys = rows.filter(row => typeof row === 'string')
  return keys.length === rows.length ? { read, boundary: { value, rows: keys } } : null
}

function hashOf(identity: StateIdentity): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('base64url').slice(0, 22)
}
