import type { Judgement } from './judge-writes.ts'
import type { ProposedWrite } from './proposal.ts'
import type { ReadOperation } from './read-operations.ts'
import type { Role } from './role.ts'
import { role, SCORE_MIN } from './role.ts'

/** Candidates for a write that are closer than this are both left out. */
const MARGIN = 0.1

/** The operation that is surely the best of several; what is left out is told. */
export function chooseWrite(
  operations: readonly ReadOperation[],
  judge: (operation: ReadOperation) => Judgement,
  leave: (operation: ReadOperation, judgement: Judgement) => void
): Role<ProposedWrite> | null {
  const judged = operations
    .map(operation => {
      const judgement = judge(operation)
      const score = judgement.score - (operation.isDeprecated ? 0.2 : 0)
      return { operation, judgement: { ...judgement, score } }
    })
    .toSorted((a, b) => b.judgement.score - a.judgement.score)
  const [best, second] = judged
  const isClose =
    best !== undefined &&
    second !== undefined &&
    best.judgement.score - second.judgement.score < MARGIN
  const isSure = best !== undefined && best.judgement.score >= SCORE_MIN && !isClose
  for (const { operation, judgement } of isSure ? judged.slice(1) : judged) {
    const reasons = isClose ? ['another operation fits as well'] : judgement.reasons
    leave(operation, { score: Math.min(judgement.score, SCORE_MIN - 0.01), reasons })
  }
  if (!isSure) return null
  const { operation, judgement } = best
  const idParam = operation.shape.itemParameter
  return role(operation, judgement, { idParam })
}
