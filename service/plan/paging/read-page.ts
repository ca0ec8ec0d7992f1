import { followPath } from '../../base/dotted-path.ts'
import { numberText } from '../../base/exact-number.ts'
import type { JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonObject, member } from '../../base/json.ts'
import { ConnectorError } from '../../errors.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'

/** The beginning of a page, as it is sent to the API. */
export type PagePosition =
  | { readonly at: 'start' }
  | { readonly at: 'offset' | 'page'; readonly value: number }
  | { readonly at: 'cursor' | 'link'; readonly value: string }

/** What an answer says about the paging of its list. */
export type PageFacts = {
  /** Objects in the page. */
  readonly count: number
  /** Objects in the whole list; undefined when not said. */
  readonly total: number | undefined
  /** Whether more follow; undefined when not said. */
  readonly hasMore: boolean | undefined
  /** Where the next page begins, for those that are handed from answer to answer; null for the end. */
  readonly next: PagePosition | null
}

/** The parts of an answer that paging reads. */
export type PageAnswer = {
  readonly body: JsonValue | undefined
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** The URL that was called: the base of a relative next link. */
  readonly url: string
  readonly count: number
}

const NEXT_MEMBER = /^(next|next_?url|next_?link|next_?page_?url|next_?href|@odata\.nextLink)$/i
const CURSOR_MEMBER = /^(next_?cursor|next_?page_?token|next_?token|next)$/i

/**
 * Reads what an answer says about the pages after it (docs/x-flow.md#paging).
 *
 * @throws ConnectorError `PAGING_UNREADABLE` for a declared cursor or link that cannot be read.
 */
export function readPage(paging: PagingRecord, answer: PageAnswer): PageFacts {
  const { body, count } = answer
  const total =
    paging.totalField === null ? undefined : wholeNumber(followPath(body, paging.totalField))
  const more = paging.hasMoreField === null ? undefined : followPath(body, paging.hasMoreField)
  return { count, total, hasMore: flag(more), next: nextPosition(paging, answer) }
}

function nextPosition(paging: PagingRecord, answer: PageAnswer): PagePosition | null {
  const { body, headers, url } = answer
  switch (paging.type) {
    case 'offset':
    case 'page':
      return null
    case 'cursor': {
      const cursor = declaredText(fieldOf(paging.nextField, body, headers), paging.nextField)
      return cursor === null ? null : { at: 'cursor', value: cursor }
    }
    case 'next_link':
      return declaredLink(paging.nextField, answer)
    case 'link_header':
      return link(nextOfLinkHeader(headers.link), url)
    case 'none':
      return paging.origin === 'answer' ? shownNext(paging, answer) : null
    default:
      return paging.type satisfies never
  }
}

/** A next link or cursor found in the answer (docs/x-flow.md#inferred-paging). */
function shownNext(paging: PagingRecord, { body, headers, url }: PageAnswer): PagePosition | null {
  const header = link(nextOfLinkHeader(headers.link), url)
  if (header !== null) return header
  for (const [name, value] of membersOf(body, 2)) {
    const found = text(value)
    if (found === null) continue
    const isLink = /^(https?:\/\/|\/|\?)/.test(found)
    if (isLink && NEXT_MEMBER.test(name)) return link(found, url)
    if (!isLink && paging.positionParam !== null && CURSOR_MEMBER.test(name)) {
      return { at: 'cursor', value: found }
    }
  }
  return null
}

function* membersOf(
  value: JsonValue | undefined,
  depth: number
): Generator<readonly [name: string, value: JsonValue]> {
  if (!isJsonObject(value)) return
  for (const [name, held] of Object.entries(value)) {
    yield [name, isJsonObject(held) && typeof held.href === 'string' ? held.href : held]
    if (depth > 1) yield* membersOf(held, depth - 1)
  }
}

/** A value of the body by its dotted path, or of a header: `header:X-Next`. */
function fieldOf(
  field: string | null,
  body: JsonValue | undefined,
  headers: PageAnswer['headers']
): JsonValue | undefined {
  if (field === null) return undefined
  const header = /^header:(.+)$/i.exec(field)?.[1]
  return header === undefined ? followPath(body, field) : headers[header.trim().toLowerCase()]
}

/** The target with `rel="next"` of a Link header (RFC 8288 3); null for none. */
export function nextOfLinkHeader(header: string | undefined): string | null {
  for (const [, target, parameters] of (header ?? '').matchAll(
    /<([^>]*)>((?:\s*;\s*(?:[^,;"]|"[^"]*")+)*)/g
  )) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters ?? '')
    const words = (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/)
    if (target !== undefined && words.includes('next')) return target
  }
  return null
}

/** @throws ConnectorError `PAGING_UNREADABLE` for a link that is no address. */
function declaredLink(
  field: string | null,
  { body, headers, url }: PageAnswer
): PagePosition | null {
  const target = declaredText(fieldOf(field, body, headers), field)
  const found = link(target, url)
  if (target !== null && found === null) {
    throw new ConnectorError('PAGING_UNREADABLE', { field: field ?? '' })
  }
  return found
}

function link(target: string | null, base: string): PagePosition | null {
  const url = target === null ? null : URL.parse(target, base)
  return url === null ? null : { at: 'link', value: url.href }
}

/** A cursor or link as text; null for the end: absent, null, blank or false. */
function text(value: JsonValue | undefined): string | null {
  if (typeof value === 'number' || isExactNumber(value)) return numberText(value) ?? null
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

/**
 * A declared cursor or link. An object with `href` is a link, as hypermedia formats write it.
 *
 * @throws ConnectorError `PAGING_UNREADABLE` for anything else, as the list would seem to end there.
 */
function declaredText(value: JsonValue | undefined, field: string | null): string | null {
  if (value === undefined || value === null || value === false || value === '') return null
  const found = text(member(value, 'href') ?? value)
  if (found === null && typeof value !== 'string') {
    throw new ConnectorError('PAGING_UNREADABLE', { field: field ?? '' })
  }
  return found
}

function wholeNumber(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0
    ? number
    : undefined
}

function flag(value: JsonValue | undefined): boolean | undefined {
  const word = String(value ?? '')
    .trim()
    .toLowerCase()
  if (['true', '1', 'yes'].includes(word)) return true
  return ['false', '0', 'no'].includes(word) ? false : undefined
}
