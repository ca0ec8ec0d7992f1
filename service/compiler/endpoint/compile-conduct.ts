import { Value } from 'typebox/value'

import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import { member } from '../../base/json.ts'
import { RateLimitExtension, RetryExtension } from '../../parse/extensions.ts'
import type { ConductRecord, RateLimitRecord } from '../../model/endpoint-record.ts'
import { USUAL_CONDUCT } from '../../model/endpoint-record.ts'
import type { LocatedObject } from './find-operation.ts'

/**
 * How an operation wants to be called: `x-flow-retry` and `x-flow-rate-limit`, of each the closest that can
 * be read, and where the first of them stands.
 *
 * @param holders The operation itself, whose `on` is the author's word on repeating it; then what it stands
 *   in, the closest first.
 */
export function compileConduct(holders: readonly LocatedObject[]): {
  readonly conduct: ConductRecord
  readonly retryAt: Pointer
} {
  const { retry, at } = compileRetry(holders)
  return { conduct: { retry, rateLimit: compileRateLimit(holders) }, retryAt: at }
}

function compileRetry(holders: readonly LocatedObject[]): {
  readonly retry: ConductRecord['retry']
  readonly at: Pointer
} {
  const { retry: usual } = USUAL_CONDUCT
  for (const [index, { value, at }] of holders.entries()) {
    const given = member(value, 'x-flow-retry')
    if (given === undefined || !Value.Check(RetryExtension, given)) continue
    const { on = null, max = usual.max, ignore = [] } = given
    return { retry: { on, onIsOwn: on !== null && index === 0, max, ignore }, at }
  }
  return { retry: usual, at: '' }
}

function compileRateLimit(holders: readonly LocatedObject[]): RateLimitRecord | null {
  for (const { value, at } of holders) {
    const given = member(value, 'x-flow-rate-limit')
    if (given === undefined || !Value.Check(RateLimitExtension, given)) continue
    return {
      pointer: pointer(at, 'x-flow-rate-limit'),
      requestsPerSecond: given.requestsPerSecond ?? null,
      quotas: (given.quotas ?? []).map(({ calls, seconds }) => ({ calls, seconds })),
      remainingHeader: given.remainingHeader?.toLowerCase() ?? null,
      resetHeader: given.resetHeader?.toLowerCase() ?? null
    }
  }
  return null
}
