import type { Judgement } from './judge-writes.ts'
import type { ProposedUse } from './proposal.ts'
import type { ReadOperation } from './read-operations.ts'

/** A role of a resource, and the operation that plays it. */
export type Role<Use extends ProposedUse> = { readonly use: Use; readonly operation: ReadOperation }

/** Guesses below this are not used. */
export const SCORE_MIN = 0.5

/** Gives an operation a role, with its score in two digits. */
export function role<More extends object>(
  operation: ReadOperation,
  { score, reasons }: Judgement,
  more: More
): Role<ProposedUse & More> {
  const { method, path } = operation.target
  const { tags } = operation
  const rounded = Math.round(Math.max(0, Math.min(1, score)) * 100) / 100
  return { operation, use: { method, path, tags, score: rounded, reasons, ...more } }
}
