import { storedRows } from '../../bulk/stored-rows.ts'
import { typeNamed } from '../../objects/type-lookup.ts'
import { NO_FIELDS, withFields } from '../../operations/first-page-fields.ts'
import { START } from '../../operations/read-rows.ts'
import type { OpenRows, RowPages } from '../../operations/row-page.ts'
import type { Rows } from '../../operations/rows.ts'
import type { Session } from '../../operations/session.ts'
import type { FileStore } from './file-store.ts'
import { damagedPart, partBytes } from './part-bytes.ts'
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
  for (const record of parts) {
    for await (const stored of rowsOf(store, record)) {
      rows += stored.values.length
      const reached = { pages: record.pages, records: rows, rows }
      yield {
        ...{ rows: stored, after: null, reached, total },
        ...{ repeated: 0, misfits: 0, end: null }
      }
    }
  }
}

async function* rowsOf(
  store: FileStore,
  record: PartRecord
): AsyncGenerator<Rows, void, undefined> {
  try {
    yield* storedRows(partBytes(store, record))
  } catch (error) {
    // Before the end of a file is reached, its rows may be no JSON.
    const isNoRow = error instanceof SyntaxError || error instanceof TypeError
    throw isNoRow ? damagedPart(store, record) : error
  }
}
