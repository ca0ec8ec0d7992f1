import { ConnectorError } from '../errors.ts'
import type { Exchange } from './types.ts'

/**
 * Tells how each call ends, and how many milliseconds it took: with the class of the API's status, `4xx`,
 * else with the code of the problem; `ended` for a call that nobody waits for any more.
 *
 * @param now Milliseconds on a clock that never goes back.
 */
export function watchedExchange(
  exchange: Exchange,
  now: () => number,
  watch: (outcome: string, milliseconds: number) => void
): Exchange {
  return async (plan, context) => {
    const began = now()
    try {
      const answer = await exchange(plan, context)
      watch(statusClass(answer.status), now() - began)
      return answer
    } catch (error) {
      watch(outcomeOf(error), now() - began)
      throw error
    }
  }
}

function outcomeOf(error: unknown): string {
  if (!(error instanceof ConnectorError)) return 'ended'
  const isRefusal = error.code === 'API_ERROR' && error.upstream !== null
  return isRefusal ? statusClass(error.upstream.status) : error.code
}

function statusClass(status: number): string {
  return `${Math.floor(status / 100)}xx`
}
