import type { Hash } from 'node:crypto'
import { createHash } from 'node:crypto'

import { storedRows } from '../../bulk/stored-rows.ts'
import { typeNamed } from '../../objects/type-lookup.ts'
import { NO_FIELDS, withFields } from '../../operations/first-page-fields.ts'
import { START } from '../../operations/read-rows.ts'
import type { OpenRows, RowPages } from '../../operations/row-page.ts'
import type { Session } from '../../operations/session.ts'
import { CommandError } from '../terminal.ts'
import type { FileStore } from './file-store.ts'
import type { PartRecord } from './part-record.ts'

/**
 * The rows of an input as its parts have them, in their order.
 *
 * @param parts Those of the input, in their order.
 * @throws CommandError, by the pages, for a file that was changed.
 */
export function openStoredRows(
  session: Session,
  input: string,
  store: FileStore,
  parts: readonly PartRecord[]
): OpenRows {
  const declared = typeNamed(session.model.types, input)
  // Parts without records show no fields.
  const shown = parts.map(({ fields }) => fields).filter(text => text !== null)
  const fields = shown.find(text => text !== NO_FIELDS) ?? shown[0] ?? null
  const { types } = (fields === null ? session : withFields(session, declared, fields)).model
  const pages = pagesOf(store, parts)
  return { type: typeNamed(types, input), types, start: { ...START, fields }, pages }
}

async function* pagesOf(store: FileStore, parts: readonly PartRecord[]): RowPages {
  const total = parts.reduce((sum, { rows }) => sum + rows, 0)
  let rows = 0
  for (const { part, file, pages, sha256 } of parts) {
    const hash = createHash('sha256')
    for await (const stored of storedRows(hashed(store.bytes(file), hash))) {
      rows += stored.values.length
      const reached = { pages, records: rows, rows }
      yield {
        ...{ rows: stored, after: null, reached, total },
        ...{ repeated: 0, misfits: 0, end: null }
      }
    }
    if (hash.digest('hex') !== sha256) {
      throw new CommandError(`"${store.name}/${file}" is not what part ${part} has written`)
    }
  }
}

async function* hashed(
  chunks: AsyncIterable<Uint8Array>,
  hash: Hash
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}
