import type { ProblemCode } from '../errors.ts'
import { ConnectorError } from '../errors.ts'

/** A part exceeds what is left of the limits of the document that refers to it. Alone it may be usable. */
export class PartOverLimit extends ConnectorError<'DOCUMENT_TOO_COMPLEX'> {}

const PASSING: ReadonlySet<ProblemCode> = new Set([
  'COMPILER_BUSY',
  'COMPILER_ENDED',
  'FETCHES_FULL'
])

/** Problems of the queues, or of the share of memory, of who has begun to read a document. */
const OF_ASKER: ReadonlySet<ProblemCode> = new Set(['COMPILER_BUSY', 'FETCHES_FULL'])

/** Whether a failure says nothing of the document, so that it may be over at once. */
export function isPassing(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && PASSING.has(error.code)
}

/** Whether a failure concerns only who has begun to read a document: their queues or their share of memory are full, or their limits are reached. */
export function concernsAsker(error: unknown): boolean {
  if (error instanceof PartOverLimit) return true
  return error instanceof ConnectorError && OF_ASKER.has(error.code)
}
