import { setTimeout as wait } from 'node:timers/promises'

import type { JsonValue } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { Answer } from '../exchange/types.ts'
import type { IdentityRecord } from '../model/type-record.ts'
import { ownId } from '../objects/external-id.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { FoundRecords } from '../objects/find-records.ts'
import { findRecords } from '../objects/find-records.ts'
import type {
  FlowWindow,
  PageRequest,
  PageResume,
  WindowState
} from '../plan/paging/page-window.ts'
import { nextWindow, startWindow } from '../plan/paging/page-window.ts'
import { readPage } from '../plan/paging/read-page.ts'
import type { ListFilter } from '../plan/types.ts'
import type { MappedEndpoint, Session } from './session.ts'

/** The objects of one page, and how far the list was read with it. */
export type ReadPage = { readonly values: readonly JsonValue[]; readonly state: WindowState }

/** How far a list is read. */
export type ReadBounds = {
  readonly window: FlowWindow
  /** Objects that are read at the most where the window has no limit. */
  readonly maxRecords: number
  /** Pages that are read at the most; by default as many as the list allows. */
  readonly maxPages?: number
  /** Where the window before this one ended. */
  readonly resume?: PageResume | null
}

/**
 * Reads the pages of a list, one after another, as far as a window needs them. Whoever has enough stops
 * earlier.
 *
 * @throws ConnectorError `WINDOW_UNSUPPORTED`, `PAGING_*`, `ANSWER_UNEXPECTED`, and those of calls: a
 *   page that fails fails the load.
 */
export async function* readPages(
  session: Session,
  mapped: MappedEndpoint,
  filter: ListFilter,
  { window, maxRecords, maxPages = Number.POSITIVE_INFINITY, resume = null }: ReadBounds
): AsyncGenerator<ReadPage> {
  const { type } = mapped.mapping
  const { paging: usual } = mapped.answers
  const paging = { ...usual, maxPages: Math.min(usual.maxPages, maxPages) }
  let { state, request } = startWindow(paging, type, window, maxRecords, resume)
  const { identity } = typeNamed(session.model.types, type)
  let last: readonly JsonValue[] = []
  let [pages, objects] = [0, 0]
  session.caller.progress.reached = () => `${objects} objects of ${pages} pages were read`
  while (request !== null) {
    const { found, facts } = await readOnePage(mapped, filter, request)
    const { values } = found
    if (isSamePage(identity, last, values)) throw new ConnectorError('PAGING_REPEATED', { type })
    last = values
    pages++
    objects += values.length
    ;({ state, request } = nextWindow(state, facts))
    yield { values, state }
    if (request !== null && paging.pauseMs > 0) {
      await wait(paging.pauseMs, undefined, { signal: session.caller.signal })
    }
  }
}

/**
 * A list that ignores how it is asked gives its first page for ever. Objects without an id of their own
 * may well be equal on every page.
 */
function isSamePage(
  identity: IdentityRecord,
  last: readonly JsonValue[],
  page: readonly JsonValue[]
): boolean {
  const isAlike = page.length > 0 && page.length === last.length
  const isKnown = page.some(value => value !== null && ownId(identity, value) !== undefined)
  return isAlike && isKnown && JSON.stringify(page) === JSON.stringify(last)
}

async function readOnePage(mapped: MappedEndpoint, filter: ListFilter, page: PageRequest) {
  const { found, answer, url } = await callForRecords(mapped, filter, page)
  const { body, headers } = answer
  const facts = readPage(mapped.answers.paging, { body, headers, url, count: found.values.length })
  return { found, facts }
}

/** An answer with the objects in it, and the address that gave it. */
type ReadAnswer = { readonly found: FoundRecords; readonly answer: Answer; readonly url: string }

/**
 * Calls an endpoint that reads, and takes the objects out of its answer.
 *
 * @throws ConnectorError `ANSWER_UNEXPECTED` when something else stands where the objects should.
 */
export async function callForRecords(
  { mapping, endpoint, answers }: MappedEndpoint,
  filter: ListFilter,
  page: PageRequest | null
): Promise<ReadAnswer> {
  const { id } = filter
  const body = mapping.body === null ? null : {}
  const call = answers.plan({ id, object: null, body, filter, page, ifMatch: null })
  const answer = await call.send()
  // Where JSON was promised only these say that there is nothing.
  const isSilent = answer.body === undefined && answer.status !== 204 && answer.status !== 205
  const found = isSilent ? undefined : findRecords(mapping.records, answer.body)
  if (found !== undefined) return { found, answer, url: call.url }
  const { method, path } = endpoint
  throw new ConnectorError('ANSWER_UNEXPECTED', { method, path })
}
