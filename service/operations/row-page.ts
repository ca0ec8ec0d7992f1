import type { TypeRecord } from '../model/type-record.ts'
import type { Types } from '../objects/type-lookup.ts'
import type { PageRequest, PageResume } from '../plan/paging/window-state.ts'
import type { ListFilter } from '../plan/types.ts'
import type { Rows } from './rows.ts'

/** Where a read goes on: what came before it, and the page that follows. Plain JSON. */
export type RowPosition = {
  /** Which of the readings of the list. */
  readonly reading: number
  /** Null for the start of the list. */
  readonly page: PageResume | null
  /** What came before: pages, the records in them, and the rows that were made of these. */
  readonly pages: number
  readonly records: number
  readonly rows: number
  /** The last records before it, by their hashes, which pages that overlap have again. */
  readonly last: readonly string[]
  /** The fields of a type that are taken from the first page, as text; null for any other type. */
  readonly fields: string | null
}

export type RowsRequest = {
  readonly type: string
  /** Its limit is that of the whole read, however often it is stopped. */
  readonly filter: ListFilter
  /** Null for the start. */
  readonly from: RowPosition | null
  /** Values of parameters that every page is asked for with. */
  readonly values: PageRequest['values']
  /** The offset or the number of the page before which the read ends. Default: the end of the list. */
  readonly until?: number
}

/** The rows of one page. */
export type RowPage = {
  readonly rows: Rows
  /** Where a later read goes on after it; null where it would have to begin again. */
  readonly after: RowPosition | null
  /** What came so far. */
  readonly reached: Pick<RowPosition, 'pages' | 'records' | 'rows'>
  /** Records of the whole list, as the API says; null where it does not. */
  readonly total: number | null
  /** Records of the page that had come before, and values that are no objects; both make no rows. */
  readonly repeated: number
  readonly misfits: number
  /** Whether the read ends with it, and why: `pages` where the mapping allows no more of them. */
  readonly end: 'complete' | 'pages' | null
}

/** A list that is read as rows. */
export type OpenRows = {
  readonly type: TypeRecord
  readonly types: Types
  readonly start: RowPosition
  readonly pages: RowPages
}

/** The rows of a list, page after page. */
export type RowPages = AsyncGenerator<RowPage, void, undefined>
