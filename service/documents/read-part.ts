import type { JsonValue } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { Settings } from '../settings.ts'
import { countMarks, VALUES_MAX } from '../parse/check-tree.ts'
import type { DocumentSource, SourceDocument, UsabilityCheck } from './document-source.ts'
import type { ReferenceRefusal } from '../parse/links.ts'
import { unpackText } from './packed-text.ts'
import { parsePart } from '../parse/parse-document.ts'

/**
 * Reads the text of a document that another one refers to.
 *
 * @param url Absolute, without fragment.
 * @param signal Ends the wait.
 * @throws ConnectorError when it cannot be read, or is of no use.
 */
export type PartReader = (
  url: string,
  signal: AbortSignal,
  assertUsable: UsabilityCheck
) => Promise<SourceDocument>

export type PartLimits = Pick<Settings, 'DOCUMENT_MAX_BYTES' | 'UPSTREAM_TIMEOUT_MS'>

type PastLimit = Extract<ReferenceRefusal, { code: 'REF_LIMIT' }>

/** A part with its tree, or why there is none. */
export type PartReading = {
  readonly source: SourceDocument
  readonly text: string
  readonly root: JsonValue
}

/** Documents that one document is made of besides itself, at the most. */
const PARTS_MAX = 50

/** Documents that refer to each other from the root on, at the most. */
const CHAIN_MAX = 8

export const TOO_MANY: PastLimit = pastLimit(`at most ${PARTS_MAX} of them are read`)

/**
 * Reads parts from where documents come from. They are as old as the document at the most: when that
 * is read again, so are they.
 *
 * @param location The Schema URL, whose origin alone gets the token.
 */
export function sourceParts(
  source: DocumentSource,
  document: SourceDocument,
  location: string,
  token: string | null
): PartReader {
  const origin = URL.parse(location)?.origin
  return (url, signal, assertUsable) => {
    const own = new URL(url).origin === origin ? token : null
    return source.read(url, own, signal, assertUsable, document.fetchedAt)
  }
}

/**
 * A reader that keeps to the limits on all parts of one document together, from now on: 50 of them,
 * chains of 8, `UPSTREAM_TIMEOUT_MS`, and with the document itself `DOCUMENT_MAX_BYTES` and the values of
 * one document.
 *
 * @returns A function that never rejects for the fault of a part. Its `chain` is how many documents
 *   lead to the part, that part included.
 */
export function limitedParts(
  readPart: PartReader,
  limits: PartLimits,
  documentText: string
): (url: string, chain: number) => Promise<PartReading | ReferenceRefusal> {
  const { DOCUMENT_MAX_BYTES, UPSTREAM_TIMEOUT_MS } = limits
  const deadline = AbortSignal.timeout(UPSTREAM_TIMEOUT_MS)
  let asked = 0
  let bytes = 0
  let values = 0
  const count = (text: string): void => {
    bytes += Buffer.byteLength(text)
    // Marks of YAML are more, and a part may be either.
    values += countMarks(text, 'YAML')
  }
  count(documentText)

  const tooLong = pastLimit(`at most ${CHAIN_MAX} may refer to each other in a row`)
  const tooLarge = pastLimit(`with the document they may have ${DOCUMENT_MAX_BYTES} bytes`)
  const tooComplex = pastLimit(`with the document they may have ${VALUES_MAX} values`)
  const tooLate = pastLimit(`all of them have to be read within ${UPSTREAM_TIMEOUT_MS} ms`, true)

  const passed = (): PastLimit | undefined => {
    if (bytes > DOCUMENT_MAX_BYTES) return tooLarge
    if (values > VALUES_MAX) return tooComplex
    return deadline.aborted ? tooLate : undefined
  }
  const admit = (text: string, url: string): void => {
    count(text)
    const now = passed()
    // Whoever shares the fetch is told too.
    if (now !== undefined)
      throw new ConnectorError('DOCUMENT_TOO_COMPLEX', { url, reason: now.limit })
  }

  return async (url, chain) => {
    if (chain > CHAIN_MAX) return tooLong
    if (asked >= PARTS_MAX) return TOO_MANY
    const before = passed()
    if (before !== undefined) return before
    asked++
    try {
      return await readTree(readPart, url, deadline, admit)
    } catch (error) {
      const now = passed()
      if (now !== undefined) return now
      if (!(error instanceof ConnectorError)) throw error
      return { code: 'REF_UNREADABLE', reason: error.message, problem: error.code }
    }
  }
}

function pastLimit(limit: string, isOfTime = false): PastLimit {
  return { code: 'REF_LIMIT', limit, isOfTime }
}

/** @param admit Gets each text before it is parsed; throws for one that is too much. */
async function readTree(
  readPart: PartReader,
  url: string,
  signal: AbortSignal,
  admit: (text: string, url: string) => void
): Promise<PartReading> {
  const treeOf = (source: SourceDocument): PartReading => {
    const text = unpackText(source.packed)
    admit(text, source.url)
    return { source, text, root: parsePart(text, source.contentType ?? '', source.url) }
  }
  // A fresh text is parsed to see whether it is of use, which is worth keeping.
  let fresh: PartReading | undefined
  const source = await readPart(url, signal, candidate => {
    fresh = treeOf(candidate)
  })
  return fresh?.source.hash === source.hash ? { ...fresh, source } : treeOf(source)
}
