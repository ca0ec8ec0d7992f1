import assert from 'node:assert/strict'

/**
 * Checks that between any two calls there are no more than a rate limit allows.
 *
 * @param times When each call came to the API (ms), in order.
 * @param rate Calls per second.
 * @param delay How much later than another a call may come from where it was let through (ms).
 */
export function assertRate(times: readonly number[], rate: number, delay: number): void {
  for (const [first, from] of times.entries()) {
    for (const [index, to] of times.slice(first).entries()) {
      const most = rate * ((to - from + delay) / 1000 + 1)
      assert.ok(index + 1 <= most, `${index + 1} calls in ${to - from} ms`)
    }
  }
}
