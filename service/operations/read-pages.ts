import { setTimeout as wait } from 'node:timers/promises'

import type { JsonValue } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { IdentityRecord } from '../model/type-record.ts'
import type { DecodeOptions } from '../objects/decode-objects.ts'
import { decodeObjects } from '../objects/decode-objects.ts'
import { ownId } from '../objects/external-id.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import type {
  FlowWindow,
  PageRequest,
  PageResume,
  WindowState
} from '../plan/paging/page-window.ts'
import { nextWindow, startWindow } from '../plan/paging/page-window.ts'
import { readPage } from '../plan/paging/read-page.ts'
import type { ListFilter } from '../plan/types.ts'
import { isUpdatable } from './seen-objects.ts'
import type { JudgedAnswer } from './send-judged.ts'
import { sendJudged } from './send-judged.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { warnOfValues } from './session.ts'

/** The records of one page, and the state of the window after it. */
export type ReadPage = { readonly values: readonly JsonValue[]; readonly state: WindowState }

/** How far a list is read. */
export type ReadBounds = {
  readonly window: FlowWindow
  /** Maximum of records if the window has no limit. */
  readonly maxRecords: number
  /** Maximum of pages besides that of the mapping. Default: none. */
  readonly maxPages?: number
  /** Where the previous window ended. Default: the start of the list. */
  readonly resume?: PageResume | null
  /** Values of parameters that every page is asked for with. Default: none. */
  readonly values?: PageRequest['values']
}

/** Reads pages one after another. */
export type PageReader = {
  /** Reads the next page; null, at once, after the last. */
  next(): Promise<ReadPage> | null
}

/** A window without a limit. */
export const WHOLE_LIST: FlowWindow = { limit: 0, offset: 0 }

/**
 * Reads the pages of a list, one after another, until the window is full. The consumer may stop earlier. It is
 * no async generator, which would cost several promises a page.
 *
 * @throws ConnectorError `WINDOW_UNSUPPORTED`, `PAGING_*`, `ANSWER_UNEXPECTED`, and those of calls. A page
 *   that fails makes the load fail.
 */
export function pageReader(
  session: Session,
  mapped: MappedEndpoint,
  filter: ListFilter,
  {
    window,
    maxRecords,
    maxPages = Number.POSITIVE_INFINITY,
    resume = null,
    values: sent
  }: ReadBounds
): PageReader {
  const { type } = mapped.mapping
  const { paging: usual } = mapped.answers
  const paging = { ...usual, maxPages: Math.min(usual.maxPages, maxPages) }
  let { state, request } = startWindow(paging, type, window, maxRecords, resume)
  const { identity } = typeNamed(session.model.types, type)
  let last: readonly JsonValue[] = []
  let [pages, objects] = [0, 0]
  session.caller.deadline.reached = () => `${objects} objects of ${pages} pages were read`
  const next = async (asked: PageRequest): Promise<ReadPage> => {
    if (pages > 0 && paging.pauseMs > 0) {
      await wait(paging.pauseMs, undefined, { signal: session.caller.deadline.signal })
    }
    const { judgement, answer, url } = await callForRecords(
      session,
      mapped,
      filter,
      sent === undefined ? asked : { ...asked, values: { ...sent, ...asked.values } }
    )
    const { values } = judgement
    const { body, headers } = answer
    const facts = readPage(usual, { body, headers, url, count: values.length })
    if (isSamePage(identity, last, values)) throw new ConnectorError('PAGING_REPEATED', { type })
    last = values
    pages++
    objects += values.length
    ;({ state, request } = nextWindow(state, facts))
    return { values, state }
  }
  return { next: () => request && next(request) }
}

/**
 * Detects a list that ignores its paging parameters and would never end. Records without an id may be equal
 * on every page.
 */
function isSamePage(
  identity: IdentityRecord,
  last: readonly JsonValue[],
  page: readonly JsonValue[]
): boolean {
  const isAlike = page.length > 0 && page.length === last.length
  const hasIds = page.some(value => value !== null && ownId(identity, value) !== undefined)
  return isAlike && hasIds && JSON.stringify(page) === JSON.stringify(last)
}

/**
 * Calls an endpoint that reads.
 *
 * @returns What its answer is: a list, an object or nothing.
 * @throws ConnectorError as `sendJudged`.
 */
export function callForRecords(
  session: Session,
  mapped: MappedEndpoint,
  filter: ListFilter,
  page: PageRequest | null
): Promise<JudgedAnswer> {
  const { id } = filter
  const body = mapped.mapping.body === null ? null : {}
  const call = mapped.answers.plan({ id, object: null, body, filter, page, ifMatch: null })
  return sendJudged(session, mapped, call)
}

/**
 * Decodes records into flow objects, with what a flow does not see of them if they can be updated. Logs the
 * values that could not be decoded.
 */
export function decodeRecords(
  session: Session,
  mapping: MappingRecord,
  values: readonly JsonValue[],
  options: DecodeOptions = {}
): readonly FlowObject[] {
  const { types } = session.model
  const isNoted = isUpdatable(session, typeNamed(types, mapping.type))
  const { objects, warnings } = decodeObjects(types, mapping.type, values, {
    ...(isNoted && { notes: 'unseen' }),
    ...options
  })
  warnOfValues(session, mapping, warnings)
  return objects
}
