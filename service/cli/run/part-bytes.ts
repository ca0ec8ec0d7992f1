import { createHash } from 'node:crypto'

import { errorCode } from '../../base/error-code.ts'
import { CommandError } from '../terminal.ts'
import type { FileStore } from './file-store.ts'
import type { PartRecord } from './part-record.ts'
import { recordName } from './part-record.ts'

/**
 * The bytes of a part.
 *
 * @throws CommandError, behind the last byte, for a file that is not what the part has written.
 */
export async function* partBytes(
  store: FileStore,
  record: PartRecord
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of store.bytes(record.file)) {
      hash.update(chunk)
      yield chunk
    }
  } catch (error) {
    throw errorCode(error) === 'ENOENT' ? damagedPart(store, record) : error
  }
  if (hash.digest('hex') !== record.sha256) throw damagedPart(store, record)
}

/** What is said of a file that is not what a part has written. */
export function damagedPart({ name }: FileStore, { part, file }: PartRecord): CommandError {
  return new CommandError(
    `"${name}/${file}" is not what part ${part} has written; remove "${recordName(part)}" from "${name}", and the same command reads the part again`
  )
}
