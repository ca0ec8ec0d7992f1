import type { PagingRecord } from '../../model/endpoint-record.ts'
import { NO_PAGING } from '../../model/endpoint-record.ts'
import type { PaginationForm } from '../../vocabulary/manifest-forms.ts'

const PAGE_SIZE = 100

/** A read has as many pages as the API, unless `max_pages` says otherwise. */
const ALL_PAGES = Number.MAX_SAFE_INTEGER

/**
 * How an input is paged (docs/pipelines.md#pagination). Without `pagination` exactly one request is sent.
 *
 * @returns Words that say what it lacks.
 */
export function compileManifestPaging(given: PaginationForm | undefined): PagingRecord | string {
  const one: PagingRecord = {
    ...NO_PAGING,
    maxPages: given?.max_pages ?? ALL_PAGES,
    firstPageIsGuessed: false,
    origin: 'declared'
  }
  if (given === undefined || given.type === 'none') return { ...one, type: 'none' }
  const { page_size: pageSize = PAGE_SIZE, limit_param: pageSizeParam = 'limit' } = given
  const sized = { ...one, pageSize, pageSizeParam }
  switch (given.type) {
    case 'offset': {
      const { page_param: pageParam, first_page: firstPage = 1 } = given
      if (pageParam !== undefined && given.offset_param !== undefined) {
        return '`pagination` has both `offset_param` and `page_param`, of which a list takes one'
      }
      if (pageParam !== undefined) {
        return { ...sized, type: 'page', positionParam: pageParam, firstPage }
      }
      return { ...sized, type: 'offset', positionParam: given.offset_param ?? 'offset' }
    }
    case 'cursor':
      if (given.cursor_field === undefined)
        return '`pagination` of type `cursor` lacks `cursor_field`'
      return {
        ...sized,
        type: 'cursor',
        positionParam: given.cursor_param ?? 'cursor',
        nextField: given.cursor_field
      }
    default: {
      if (given.link_field === undefined)
        return '`pagination` of type `next_link` lacks `link_field`'
      const isSized = given.page_size !== undefined || given.limit_param !== undefined
      return { ...(isSized ? sized : one), type: 'next_link', nextField: given.link_field }
    }
  }
}
