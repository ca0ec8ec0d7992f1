import type { ByteBudget, Holding } from '../base/byte-budget.ts'
import { createByteBudget } from '../base/byte-budget.ts'
import type { Owner } from '../base/owner.ts'
import { ConnectorError } from '../errors.ts'

/** The bytes of all documents, or of all answers of APIs, that are under way. */
export type ResponseBudget = {
  readonly bytes: ByteBudget
  /** The problem of what does not fit. */
  readonly code: 'ANSWERS_FULL' | 'FETCHES_FULL'
}

/** What one response has taken of its budget, as it came and decoded. */
export type ResponseBytes = Holding & { readonly budget: ResponseBudget }

/** The share of what is behind a door token that one tenant may take, so that the others always have some. */
const TENANT_SHARE = 3 / 4

const RETRY = { retryAfterSeconds: 2 }

/**
 * @param limit Most bytes in all.
 * @param doorShare The share that one door token may take.
 */
export function createResponseBudget(
  code: ResponseBudget['code'],
  limit: number,
  doorShare: number
): ResponseBudget {
  return { code, bytes: createByteBudget({ limit, doorShare, tenantShare: TENANT_SHARE }) }
}

/** Begins to count the bytes of a response. Whoever asked for it gives them back with `giveBackBytes`. */
export function holdBytes(budget: ResponseBudget, owner: Owner): ResponseBytes {
  return { owner, bytes: 0, budget }
}

/** Takes bytes before memory is taken for them. @returns The problem if they do not fit. */
export function takeBytes(held: ResponseBytes, bytes: number): ConnectorError | null {
  const { bytes: budget, code } = held.budget
  if (budget.take(held, bytes)) return null
  return new ConnectorError(code, { limit: budget.limit }, RETRY)
}

/** Gives back what a response has taken, once it was read or has failed. */
export function giveBackBytes(held: ResponseBytes): void {
  held.budget.bytes.giveBack(held)
}
