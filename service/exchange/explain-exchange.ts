import type { ShownRequest } from './shown-request.ts'
import { shownRequest } from './shown-request.ts'
import type { Exchange } from './types.ts'

/**
 * An exchange that makes no call: it shows the request, and fails.
 *
 * @param seen Gets each request in place of the API.
 */
export function explainExchange(seen: (request: ShownRequest) => void): Exchange {
  return async plan => {
    seen(shownRequest(plan))
    throw new Error('the call is explained, not made')
  }
}
