import type { ProblemCode } from '../errors.ts'
import { ConnectorError } from '../errors.ts'

/** A part exceeds what is left of the limits of the document that refers to it. Alone it may be usable. */
export class PartOverLimit extends ConnectorError<'DOCUMENT_TOO_COMPLEX'> {}

const PASSING: ReadonlySet<ProblemCode> = new Set(['COMPILER_BUSY', 'COMPILER_ENDED'])

/** Whether a failure says nothing of the document, so that it may be over at once. */
export function isPassing(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && PASSING.has(error.code)
}

/** Whether a failure concerns only who has begun to read a document: their queues are full, or their limits are reached. */
export function concernsAsker(error: unknown): boolean {
  if (error instanceof PartOverLimit) return true
  return error instanceof ConnectorError && error.code === 'COMPILER_BUSY'
}
