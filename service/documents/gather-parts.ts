import { ConnectorError } from '../errors.ts'
import { VALUES_MAX } from '../parse/check-tree.ts'
import type { Outline } from '../parse/link-document.ts'
import { ownEnds } from '../parse/link-document.ts'
import type { PastLimit, ReferenceRefusal } from '../parse/links.ts'
import { partLimit, PARTS_MAX, TOO_MANY } from '../parse/links.ts'
import type { Settings } from '../settings.ts'
import { untilAborted } from '../time/deadline.ts'
import type { DocumentSource, UsabilityCheck } from './fetch-document.ts'
import type { DocumentRequest, Gathered, SourceDocument } from './source-document.ts'

/**
 * Reads a document that another one refers to.
 *
 * @param url Absolute, without fragment.
 * @throws ConnectorError when it cannot be read, or is of no use.
 */
export type PartReader = (url: string, assertUsable: UsabilityCheck) => Promise<SourceDocument>

export type PartLimits = Pick<Settings, 'DOCUMENT_MAX_BYTES' | 'UPSTREAM_TIMEOUT_MS'>

export type PartPorts = {
  readonly read: PartReader
  /** Lists what a part refers to. @throws ConnectorError for one that is of no use. */
  readonly outline: (part: SourceDocument) => Promise<Outline>
}

type Part = { readonly source: SourceDocument; readonly outline: Outline }

/** Documents that refer to each other from the root on, at the most. */
const CHAIN_MAX = 8

/** Parts that are read at the same time. */
const READ_AT_ONCE = 4

const TOO_LONG = partLimit(`at most ${CHAIN_MAX} may refer to each other in a row`)
const TOO_COMPLEX = partLimit(`with the document they may have ${VALUES_MAX} values`)

/**
 * Reads parts from where documents come from. They are as old as the document at the most: when that
 * is read again, so are they.
 *
 * @param request For the document: the origin of its location alone gets the token.
 */
export function sourceParts(
  source: DocumentSource,
  { fetchedAt }: SourceDocument,
  { location, token }: DocumentRequest
): PartReader {
  const origin = URL.parse(location)?.origin
  return (url, assertUsable) => {
    const own = new URL(url).origin === origin ? token : null
    return source.read(
      { location: url, token: own },
      { use: 'part', since: fetchedAt, assertUsable }
    )
  }
}

/**
 * Reads the documents that a document refers to, and those that they refer to, level by level, so that
 * which are read does not depend on who answers first. One that cannot be read, or is past a limit on all
 * of them together, leads nowhere.
 *
 * @param outline Of the document itself.
 * @throws ConnectorError `COMPILER_BUSY`.
 */
export async function gatherParts(
  root: SourceDocument,
  outline: Outline,
  ports: PartPorts,
  limits: PartLimits
): Promise<Gathered> {
  const read = partReading(ports, createBudget(limits, outline))
  const parts: SourceDocument[] = []
  const ends = ownEnds(root.base)
  let level = [outline]
  for (let chain = 1; level.length > 0; chain++) {
    const named = new Set(level.flatMap(({ urls }) => urls))
    const wanted = [...named].filter(url => !ends.has(url))
    const found = await inTurns(wanted, READ_AT_ONCE, url => read(url, chain))
    level = []
    // Numbered in the order of the references, whoever answers first.
    for (const [url, part] of found) {
      if ('code' in part) {
        ends.set(url, part)
        continue
      }
      const { base } = part.source
      const known = ends.get(base)
      // Another reference may have led there by another URL.
      const isNew = typeof known !== 'number'
      const number = isNew ? parts.push(part.source) : known
      ends.set(url, number).set(base, number)
      if (isNew) level.push(part.outline)
    }
  }
  return { parts, ends }
}

/** Whether every part was read as it is now, or would not be read at another time either. */
export function isComplete({ parts, ends }: Gathered): boolean {
  const passes = (end: number | ReferenceRefusal): boolean =>
    typeof end !== 'number' &&
    (end.code === 'REF_UNREADABLE' || (end.code === 'REF_LIMIT' && end.isOfTime))
  return parts.every(({ stale }) => stale === null) && ![...ends.values()].some(passes)
}

type Budget = ReturnType<typeof createBudget>

/** What all parts of a document may take together, from now on. */
function createBudget(
  { DOCUMENT_MAX_BYTES, UPSTREAM_TIMEOUT_MS }: PartLimits,
  { bytes, values }: Outline
) {
  const deadline = AbortSignal.timeout(UPSTREAM_TIMEOUT_MS)
  const tooLarge = partLimit(`with the document they may have ${DOCUMENT_MAX_BYTES} bytes`)
  const late = `all of them have to be read within ${UPSTREAM_TIMEOUT_MS} ms`
  let asked = 0
  /** The limit on size that is passed. */
  const full = (): PastLimit | undefined => {
    if (bytes > DOCUMENT_MAX_BYTES) return tooLarge
    return values > VALUES_MAX ? TOO_COMPLEX : undefined
  }
  const passed = (): PastLimit | undefined =>
    full() ?? (deadline.aborted ? partLimit(late, true) : undefined)
  return {
    deadline,
    full,
    passed,
    /** Counts one more that is to be read, or says why it may not be. */
    ask(): PastLimit | undefined {
      const past = asked >= PARTS_MAX ? TOO_MANY : passed()
      if (past === undefined) asked++
      return past
    },
    add(part: Outline): void {
      bytes += part.bytes
      values += part.values
    }
  }
}

/**
 * A reader that keeps to the budget, and never rejects for the fault of a part.
 *
 * @returns A function whose `chain` is how many documents lead to the part, that part included.
 */
function partReading(
  ports: PartPorts,
  budget: Budget
): (url: string, chain: number) => Promise<Part | ReferenceRefusal> {
  const outline = budgetedOutline(ports, budget)
  return async (url, chain) => {
    if (chain > CHAIN_MAX) return TOO_LONG
    const refusal = budget.ask()
    if (refusal !== undefined) return refusal
    try {
      return await readPart(ports.read, url, outline, budget.deadline)
    } catch (error) {
      if (error instanceof ConnectorError && error.code === 'COMPILER_BUSY') throw error
      const now = budget.passed()
      if (now !== undefined) return now
      if (!(error instanceof ConnectorError)) throw error
      return { code: 'REF_UNREADABLE', reason: error.message, problem: error.code }
    }
  }
}

/** Reads a part. It has to be there in time; its wait for the turn of its outline does not count. */
async function readPart(
  read: PartReader,
  url: string,
  outlineOf: (part: SourceDocument) => Promise<Outline>,
  deadline: AbortSignal
): Promise<Part> {
  const arrived = Promise.withResolvers<void>()
  let judged: { readonly hash: string; readonly outline: Outline } | undefined
  const reading = read(url, async candidate => {
    arrived.resolve()
    judged = { hash: candidate.hash, outline: await outlineOf(candidate) }
  })
  await untilAborted(Promise.race([reading, arrived.promise]), deadline)
  const source = await reading
  const outline = judged?.hash === source.hash ? judged.outline : await outlineOf(source)
  return { source, outline }
}

/**
 * Outlines of parts, one after another, so that a document never has more than one turn of the compiler.
 * A part that the budget has no room for, or that comes too late, is refused: whoever shares the fetch is
 * told too, and it is not kept.
 */
function budgetedOutline(
  { outline }: PartPorts,
  budget: Budget
): (part: SourceDocument) => Promise<Outline> {
  const refuse = ({ url }: SourceDocument, past: PastLimit | undefined): void => {
    if (past !== undefined) {
      throw new ConnectorError('DOCUMENT_TOO_COMPLEX', { url, reason: past.limit })
    }
  }
  let last: Promise<unknown> = Promise.resolve()
  return part => {
    // Once it has arrived in time it may wait.
    refuse(part, budget.passed())
    const next = last.then(async () => {
      refuse(part, budget.full())
      const found = await outline(part)
      budget.add(found)
      refuse(part, budget.full())
      return found
    })
    last = next.catch(() => {})
    return next
  }
}

/** Does a piece of work for each item, several at a time; what came of each, in the items' order. */
async function inTurns<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>
): Promise<[T, R][]> {
  const results: [T, R][] = []
  const left = items.entries()
  const take = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = [item, await work(item)]
  }
  await Promise.all(Array.from({ length: atOnce }, take))
  return results
}
