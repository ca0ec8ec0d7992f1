import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'

import { startUpstream } from './start-upstream.ts'

/** How the API pages its list. */
export type ListPaging = 'offset' | 'page' | 'cursor' | 'next_link' | 'none'

/** The members of a manifest for each paging. */
const PAGINATION: { readonly [paging in ListPaging]: string } = {
  offset: '{ type: offset, page_size: 100 }',
  page: '{ type: offset, page_size: 100, page_param: page }',
  cursor: '{ type: cursor, page_size: 100, cursor_field: next_cursor }',
  next_link: '{ type: next_link, link_field: next }',
  none: '{ type: none }'
}

export type LongList = {
  readonly url: string
  /** Path and query of each call so far. */
  readonly calls: string[]
  /** Credentials of each call so far. */
  readonly authorizations: (string | undefined)[]
  /** Answers in place of a page; true if it did. */
  instead: (call: number, response: ServerResponse) => boolean
  /** The records, as JSON texts. They may be changed. */
  readonly records: string[]
}

/** Starts an API with a list at `/things`, in `data` of its answers, until the test ends. */
export async function startLongList(
  t: TestContext,
  paging: ListPaging,
  records: string[],
  more: { readonly total?: boolean } = {}
): Promise<LongList> {
  const list: { -readonly [key in keyof LongList]: LongList[key] } = {
    url: '',
    calls: [],
    authorizations: [],
    instead: () => false,
    records
  }
  list.url = await startUpstream(t, (request, response) => {
    const url = new URL(request.url ?? '', list.url)
    list.calls.push(url.pathname + url.search)
    list.authorizations.push(request.headers.authorization)
    if (list.instead(list.calls.length, response)) return
    const number = (name: string, usual: number): number =>
      Number(url.searchParams.get(name) ?? usual)
    const size = paging === 'none' ? records.length : number('limit', 100)
    const start =
      paging === 'page'
        ? (number('page', 1) - 1) * size
        : paging === 'cursor'
          ? number('cursor', 0)
          : number('offset', 0)
    const end = start + size
    const isMore = end < records.length
    const members = [
      `"data":[${records.slice(start, end).join()}]`,
      ...(more.total === true ? [`"total":${records.length}`] : []),
      ...(paging === 'cursor' ? [`"next_cursor":${isMore ? `"${end}"` : 'null'}`] : []),
      ...(paging === 'next_link'
        ? [`"next":${isMore ? `"${list.url}/things?offset=${end}"` : 'null'}`]
        : [])
    ]
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{${members.join()}}`)
  })
  return list
}

/** Records `{"id":1,…}` as JSON texts, from a first id on. */
export function numbered(count: number, first = 1): string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = first + index
    return `{"id":${id},"name":"Thing ${id}","size":${id % 7},"at":{"city":"C${id % 3}","zip":"0${id}"},"tags":["a","b"]}`
  })
}

/** The ids of numbered records. */
export function idsUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}

/** A manifest of the list. */
export function manifestOf(url: string, paging: ListPaging, more = ''): string {
  return `
CONFIG:
  inputs:
    things:
      format: rest_api
      url: "${url}/things"
      pagination: ${PAGINATION[paging]}
      response: { root_key: data }
${more.replaceAll(/^(?=.)/gm, '      ')}
`
}
