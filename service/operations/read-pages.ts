import { setTimeout as wait } from 'node:timers/promises'

import { followPath, splitPath } from '../base/dotted-path.ts'
import type { JsonValue } from '../base/json.ts'
import { member } from '../base/json.ts'
import type { JsonItems } from '../base/json-items.ts'
import { findItems, withoutItems } from '../base/json-items.ts'
import type { ConnectorError } from '../errors.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import type { Decoder } from '../objects/decode-objects.ts'
import { startDecoding } from '../objects/decode-objects.ts'
import type { DecodeOptions } from '../objects/decoding.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import { nextWindow, startWindow } from '../plan/paging/page-window.ts'
import type { Witnesses } from '../plan/paging/read-witnesses.ts'
import { readWitnesses } from '../plan/paging/read-witnesses.ts'
import {
  endWindow,
  isBehindLast,
  isSurelyBehindLast,
  lastRecordPage,
  restartWindow
} from '../plan/paging/restart-window.ts'
import type {
  FlowWindow,
  PageRequest,
  PageResume,
  WindowState
} from '../plan/paging/window-state.ts'
import type { ListFilter } from '../plan/types.ts'
import { createTurns, inTurns } from '../time/turns.ts'
import { decodedBefore, keepDecoded, mayComeAgain } from './decoded-lists.ts'
import { createKnownObjects, wholePage } from './known-objects.ts'
import { isUpdatable } from './seen-objects.ts'
import type { JudgedAnswer } from './send-judged.ts'
import { sendJudged } from './send-judged.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { isApiError, warnOfValues } from './session.ts'

/** The records of one page. */
export type ReadPage = {
  readonly values: readonly JsonValue[]
  /** The window after it, before the next page is asked for. */
  readonly state: WindowState
  /** No page follows that is read. */
  readonly isLast: boolean
  /** The records as they are written; null where that is not known. */
  readonly items: JsonItems | null
  /** Records that had come before, and are left out. */
  readonly repeated: number
  /** Records of the whole list, as the answer says; null where it does not. */
  readonly total: number | null
}

/** How far a list is read. */
export type ReadBounds = {
  readonly window: FlowWindow
  /** Maximum of records if the window has no limit. */
  readonly maxRecords: number
  /** Maximum of pages besides that of the mapping. Default: none. */
  readonly maxPages?: number
  /** Maximum of pages where the mapping has none. Default: `FLOW_PAGES_MAX`. */
  readonly usualMaxPages?: number
  /** Where the previous window ended. Default: the start of the list. */
  readonly resume?: PageResume | null
  /** Values of parameters that every page is asked for with. Default: none. */
  readonly values?: PageRequest['values']
  /** Whether a refused page ends the list only where that is proved. Default: as flows read it. */
  readonly isWhole?: boolean
}

/** Reads pages one after another. */
export type PageReader = {
  /** Reads the next page; null, at once, after the last. */
  next(): Promise<ReadPage> | null
}

/** Most pages that one load of a flow reads, unless the document says otherwise. */
export const FLOW_PAGES_MAX = 100

/** A window without a limit. */
export const WHOLE_LIST: FlowWindow = { limit: 0, offset: 0 }

/** The answer of a page after the last one. */
const BEHIND_LAST = [400, 404, 416] as const

/**
 * Reads the pages of a list, one after another, until the window is full. The consumer may stop earlier. It is
 * no async generator, which would cost several promises a page. Objects that came before are left out.
 *
 * @throws ConnectorError `WINDOW_UNSUPPORTED`, `PAGING_*`, `ANSWER_UNEXPECTED`, and those of calls. A page
 *   that fails makes the load fail, unless the API refuses one after the last.
 */
export function pageReader(
  session: Session,
  mapped: MappedEndpoint,
  filter: ListFilter,
  {
    window,
    maxRecords,
    maxPages = Number.POSITIVE_INFINITY,
    usualMaxPages = FLOW_PAGES_MAX,
    resume = null,
    values: sent,
    isWhole = false
  }: ReadBounds
): PageReader {
  const { type } = mapped.mapping
  const { paging: usual } = mapped.answers
  const paging = { ...usual, maxPages: Math.min(usual.maxPages ?? usualMaxPages, maxPages) }
  let { state, request } = startWindow(paging, type, window, maxRecords, resume)
  const { identity } = typeNamed(session.model.types, type)
  let known = createKnownObjects(identity, session.caller.deadline.signal)
  let [pages, objects] = [0, 0]
  const count = (morePages: number, moreObjects: number): void => {
    pages += morePages
    objects += moreObjects
    session.caller.deadline.reached = `${objects} objects of ${pages} pages were read`
  }
  let isToldOfChange = false
  /** Of the first page, while it is asked for by another number. */
  let refusal: ConnectorError | null = null
  count(0, 0)
  const ask = (asked: PageRequest): Promise<JudgedAnswer> => {
    const page = sent === undefined ? asked : { ...asked, values: { ...sent, ...asked.values } }
    return callForRecords(session, mapped, filter, page)
  }
  /** Whether the list ends before a page that the API refuses. */
  const isEnd = async (status: number): Promise<boolean> => {
    if (!isWhole) return isBehindLast(state, status)
    const proof = lastRecordPage(state)
    if (proof === null) return isSurelyBehindLast(state, status)
    const { values } = (await ask(proof)).judgement
    return values.length === 1
  }
  const next = async (asked: PageRequest): Promise<ReadPage> => {
    if (pages > 0 && paging.pauseMs > 0) {
      await wait(paging.pauseMs, undefined, { signal: session.caller.deadline.signal })
    }
    let read: JudgedAnswer
    try {
      read = await ask(asked)
    } catch (error) {
      if (!isApiError(error, ...BEHIND_LAST)) throw error
      const restart = restartWindow(state)
      if (restart === null && !(await isEnd(error.status))) throw refusal ?? error
      refusal ??= error
      state = restart?.state ?? endWindow(state)
      request = restart?.request ?? null
      if (request !== null) return next(request)
      return { values: [], items: null, state, isLast: true, repeated: 0, total: null }
    }
    refusal = null
    count(1, 0)
    const { values } = read.judgement
    const { overlap } = state
    const items = overlap > 0 ? null : writtenItems(mapped, read)
    const taken = overlap > 0 ? wholePage(values.slice(overlap)) : known.take(values, items)
    const page = taken instanceof Promise ? await taken : taken
    const witnesses = witnessesOf(mapped, read)
    const step = nextWindow(state, witnesses, page)
    ;({ state, request } = step)
    if (step.isRefused && request !== null) {
      known = createKnownObjects(identity, session.caller.deadline.signal)
      return next(request)
    }
    if (page.changed > 0 && !isToldOfChange) {
      isToldOfChange = true
      warnOfChange(session, mapped.mapping, page.changed)
    }
    count(0, page.values.length)
    const told = {
      isLast: request === null,
      repeated: page.dropped.length,
      total: witnesses.total ?? null
    }
    session.watch?.paged({ ...told, records: page.values.length })
    return {
      values: page.values,
      items: items && withoutItems(items, page.dropped),
      state: step.before ?? state,
      ...told
    }
  }
  return { next: () => request && next(request) }
}

function witnessesOf({ mapping, answers }: MappedEndpoint, read: JudgedAnswer): Witnesses {
  const { answer, judgement, url } = read
  const { values } = judgement
  const { records } = mapping
  return readWitnesses(answers.paging, {
    body: answer.body,
    headers: answer.headers,
    url,
    count: values.length,
    ...(records.at === 'path' && { place: records.path }),
    ...(judgement.is === 'object' && { single: values[0] ?? null })
  })
}

/** The records of an answer as they are written; null where that is not known. */
function writtenItems(
  { mapping: { records } }: MappedEndpoint,
  read: JudgedAnswer
): JsonItems | null {
  const { source, body } = read.answer
  const { values } = read.judgement
  if (source === undefined || records.at !== 'path') return null
  const { path } = records
  if (followPath(body, path) !== values) return null
  const isLiteral = member(body, path) !== undefined
  return findItems(source, isLiteral ? [path] : splitPath(path), values)
}

/** The list changed while it was read, or its ids are not unique. */
function warnOfChange({ ports, caller }: Session, { key }: MappingRecord, count: number): void {
  ports.warn('objects of a list came again with other content', {
    tenant: caller.owner.tenant,
    mapping: key,
    count
  })
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
 * values that could not be decoded. Only records that take more than a turn of the event loop make a promise.
 *
 * @throws ConnectorError `ANSWER_TOO_MANY_VALUES`
 */
export function decodeRecords(
  session: Session,
  mapping: MappingRecord,
  values: readonly JsonValue[],
  options: DecodeOptions = {}
): readonly FlowObject[] | Promise<readonly FlowObject[]> {
  const isKept = mayComeAgain(values, options)
  const before = isKept ? decodedBefore(mapping, values) : null
  if (before !== null) return before
  const decoder = decoderOf(session, mapping, values, options)
  const decoding = inTurns(createTurns(session.caller.deadline.signal), decoder.step)
  const decoded = (): readonly FlowObject[] => {
    warnOfValues(session, mapping, decoder)
    // Warnings are logged each time.
    if (isKept && decoder.warningCount === 0) keepDecoded(mapping, values, decoder.objects)
    return decoder.objects
  }
  return decoding === undefined ? decoded() : decoding.then(decoded)
}

/** Starts to decode records, as `decodeRecords`. */
export function decoderOf(
  session: Session,
  mapping: MappingRecord,
  values: readonly JsonValue[],
  options: DecodeOptions
): Decoder {
  const { types } = session.model
  const isNoted = isUpdatable(session, typeNamed(types, mapping.type))
  return startDecoding(types, mapping.type, values, {
    maxCells: session.ports.settings.ANSWER_MAX_VALUES,
    ...(isNoted && { notes: 'unseen' }),
    ...options
  })
}
