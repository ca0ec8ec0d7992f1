import type { Askers } from '../base/askers.ts'
import { ConnectorError } from '../errors.ts'
import { VALUES_MAX } from '../parse/check-tree.ts'
import type { Outline } from '../parse/link-document.ts'
import { rootTargets } from '../parse/link-document.ts'
import type { LimitRefusal, ReferenceRefusal, UrlTarget } from '../parse/links.ts'
import { partLimit, PARTS_MAX, TOO_MANY_PARTS } from '../parse/links.ts'
import type { Settings } from '../settings.ts'
import { untilAborted } from '../time/deadline.ts'
import type { DocumentSource, UsabilityCheck } from './fetch-document.ts'
import { isPassing, PartOverLimit } from './passing-failure.ts'
import type { DocumentRequest, GatheredParts, SourceDocument } from './source-document.ts'

/**
 * Reads a document that another one refers to.
 *
 * @param url Absolute, without fragment.
 * @throws ConnectorError when it cannot be read or is unusable.
 */
export type PartReader = (url: string, assertUsable: UsabilityCheck) => Promise<SourceDocument>

export type PartLimits = Pick<Settings, 'DOCUMENT_MAX_BYTES' | 'UPSTREAM_TIMEOUT_MS'>

export type PartPorts = {
  readonly read: PartReader
  /** Lists the references of a part. @throws ConnectorError when the part is unusable. */
  readonly outline: OutlinePart
  /** Those who wait for the root document. */
  readonly askers: Askers
}

type OutlinePart = (part: SourceDocument, askers: Askers) => Promise<Outline>

type Part = { readonly source: SourceDocument; readonly outline: Outline }

/** Longest chain of documents that refer to each other, without the root. */
const CHAIN_MAX = 8

/** Parts read at the same time. */
const CONCURRENT_READS = 4

const CHAIN_TOO_LONG = partLimit(`at most ${CHAIN_MAX} may refer to each other in a row`)
const TOO_MANY_VALUES = partLimit(`with the document they may have ${VALUES_MAX} values`)

/**
 * Reads parts through the document source. A part older than the root document is revalidated.
 *
 * @param request Request of the root document. Its token is sent to the origin of its location only.
 * @param askers Those who wait for the root document.
 */
export function createPartReader(
  source: DocumentSource,
  { fetchedAt }: SourceDocument,
  { location, token }: DocumentRequest,
  askers: Askers
): PartReader {
  const origin = URL.parse(location)?.origin
  return (url, assertUsable) => {
    const partToken = new URL(url).origin === origin ? token : null
    return source.read(
      { location: url, token: partToken },
      { use: 'part', minFetchedAt: fetchedAt, assertUsable, askers }
    )
  }
}

/**
 * Reads all documents that the root refers to, directly or not. It goes level by level, so the result
 * does not depend on which server answers first. A part that cannot be read or exceeds a limit becomes a
 * refusal.
 *
 * @param outline Outline of the root document.
 * @throws ConnectorError `COMPILER_BUSY`, `COMPILER_ENDED`.
 */
export async function gatherParts(
  root: SourceDocument,
  outline: Outline,
  ports: PartPorts,
  limits: PartLimits
): Promise<GatheredParts> {
  const read = createBudgetedReader(ports, createBudget(limits, outline))
  const parts: SourceDocument[] = []
  const targets = rootTargets(root.base)
  let level = [outline]
  for (let chain = 1; level.length > 0; chain++) {
    const named = new Set(level.flatMap(({ urls }) => urls))
    const wanted = [...named].filter(url => !targets.has(url))
    const found = await mapConcurrently(wanted, CONCURRENT_READS, url => read(url, chain))
    level = []
    // In the order of the references.
    for (const [url, part] of found) {
      if ('code' in part) {
        targets.set(url, part)
        continue
      }
      const { base } = part.source
      const known = targets.get(base)
      // Another URL may have been redirected to the same part.
      const isNew = typeof known !== 'number'
      const number = isNew ? parts.push(part.source) : known
      targets.set(url, number).set(base, number)
      if (isNew) level.push(part.outline)
    }
  }
  return { parts, targets }
}

/** False when reading again may yield more: a part is stale, unreadable or late. */
export function isComplete({ parts, targets }: GatheredParts): boolean {
  const isTransient = (target: UrlTarget): boolean =>
    typeof target !== 'number' &&
    (target.code === 'REF_UNREADABLE' || (target.code === 'REF_LIMIT' && target.isTimeout))
  return parts.every(({ stale }) => stale === null) && ![...targets.values()].some(isTransient)
}

type Budget = ReturnType<typeof createBudget>

/** Limits on the size and time of all parts together. The time starts now. */
function createBudget(
  { DOCUMENT_MAX_BYTES, UPSTREAM_TIMEOUT_MS }: PartLimits,
  { bytes, values }: Outline
) {
  const deadline = AbortSignal.timeout(UPSTREAM_TIMEOUT_MS)
  const tooLarge = partLimit(`with the document they may have ${DOCUMENT_MAX_BYTES} bytes`)
  const timeLimit = `all of them have to be read within ${UPSTREAM_TIMEOUT_MS} ms`
  let admitted = 0
  const exceededSize = (): LimitRefusal | undefined => {
    if (bytes > DOCUMENT_MAX_BYTES) return tooLarge
    return values > VALUES_MAX ? TOO_MANY_VALUES : undefined
  }
  const exceeded = (): LimitRefusal | undefined =>
    exceededSize() ?? (deadline.aborted ? partLimit(timeLimit, true) : undefined)
  return {
    deadline,
    exceededSize,
    exceeded,
    /** Counts one more part to read, unless a limit is exceeded. */
    admit(): LimitRefusal | undefined {
      const refusal = admitted >= PARTS_MAX ? TOO_MANY_PARTS : exceeded()
      if (refusal === undefined) admitted++
      return refusal
    },
    add(part: Outline): void {
      bytes += part.bytes
      values += part.values
    }
  }
}

/**
 * Reads parts within the budget. A part that fails resolves to a refusal.
 *
 * @returns A function whose `chain` counts the documents from the root to the part, with the part.
 */
function createBudgetedReader(
  ports: PartPorts,
  budget: Budget
): (url: string, chain: number) => Promise<Part | ReferenceRefusal> {
  const outline = budgetedOutline(ports, budget)
  return async (url, chain) => {
    if (chain > CHAIN_MAX) return CHAIN_TOO_LONG
    const refusal = budget.admit()
    if (refusal !== undefined) return refusal
    try {
      return await readPart(ports, url, outline, budget.deadline)
    } catch (error) {
      if (isPassing(error)) throw error
      const exceeded = budget.exceeded()
      if (exceeded !== undefined) return exceeded
      if (!(error instanceof ConnectorError)) throw error
      return { code: 'REF_UNREADABLE', reason: error.message, problem: error.code }
    }
  }
}

/** Reads a part. The deadline bounds the fetch; waiting for the compiler does not count. */
async function readPart(
  { read, askers }: PartPorts,
  url: string,
  outlineOf: OutlinePart,
  deadline: AbortSignal
): Promise<Part> {
  const arrived = Promise.withResolvers<void>()
  let checked: { readonly hash: string; readonly outline: Outline } | undefined
  const reading = read(url, async (candidate, all) => {
    arrived.resolve()
    checked = { hash: candidate.hash, outline: await outlineOf(candidate, all) }
  })
  await untilAborted(Promise.race([reading, arrived.promise]), deadline)
  const source = await reading
  const outline = checked?.hash === source.hash ? checked.outline : await outlineOf(source, askers)
  return { source, outline }
}

/**
 * Outlines parts one at a time, so that a document never has more than one task in the compiler. A part
 * that exceeds the budget or the deadline is not kept; others who wait for it read it again, within budgets of their
 * own.
 */
function budgetedOutline({ outline }: PartPorts, budget: Budget): OutlinePart {
  const refuse = ({ url }: SourceDocument, refusal: LimitRefusal | undefined): void => {
    if (refusal === undefined) return
    throw new PartOverLimit('DOCUMENT_TOO_COMPLEX', { url, reason: refusal.limit })
  }
  let last: Promise<unknown> = Promise.resolve()
  return (part, askers) => {
    // A part that arrived in time may wait for its outline.
    refuse(part, budget.exceeded())
    const next = last.then(async () => {
      refuse(part, budget.exceededSize())
      const result = await outline(part, askers)
      budget.add(result)
      refuse(part, budget.exceededSize())
      return result
    })
    last = next.catch(() => {})
    return next
  }
}

/** Maps items with bounded concurrency. @returns Pairs in the order of the items. */
async function mapConcurrently<T, R>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<R>
): Promise<[T, R][]> {
  const results: [T, R][] = []
  const queue = items.entries()
  const runWorker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = [item, await work(item)]
  }
  await Promise.all(Array.from({ length: concurrency }, runWorker))
  return results
}
