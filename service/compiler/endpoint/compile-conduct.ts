import { Value } from 'typebox/value'

import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { RateLimitExtension, RetryExtension } from '../../parse/extensions.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import type { ConductRecord, RateLimitRecord } from '../../model/endpoint-record.ts'

/** Repeats of one call at the most, unless declared (x-flow 8). */
const REPEATS_MAX = 2

/** The conduct of an operation of which the document says nothing. */
export const USUAL_CONDUCT: ConductRecord = {
  retry: { on: null, onIsOwn: false, max: REPEATS_MAX, ignore: [] },
  rateLimit: null
}

/** Where conduct keys may stand: an operation, its path item, the document's root (x-flow 2). */
export type ConductHolder = { readonly value: JsonObject | undefined; readonly at: Pointer }

/**
 * How an operation wants to be called (x-flow 8): `x-flow-retry` and `x-flow-rate-limit`, of each the
 * closest that can be read. `ignore` for a mapping that saves is a diagnostic and counts for nothing.
 *
 * @param operation The operation itself, whose `on` is the author's word on repeating it.
 * @param around What it stands in, the closest first.
 */
export function compileConduct(
  compilation: Compilation,
  mapping: DeclaredMapping,
  operation: ConductHolder,
  around: readonly ConductHolder[]
): ConductRecord {
  const holders = [operation, ...around]
  return {
    retry: compileRetry(compilation, mapping, holders),
    rateLimit: compileRateLimit(holders)
  }
}

function compileRetry(
  compilation: Compilation,
  mapping: DeclaredMapping,
  holders: readonly ConductHolder[]
): ConductRecord['retry'] {
  for (const [index, { value, at }] of holders.entries()) {
    const given = member(value, 'x-flow-retry')
    if (given === undefined || !Value.Check(RetryExtension, given)) continue
    const { on = null, max = REPEATS_MAX, ignore = [] } = given
    const saves = mapping.verb === 'save' || mapping.verb === 'update'
    if (saves && ignore.length > 0) {
      compilation.report.add('RETRY_IGNORE_UNUSABLE', pointer(at, 'x-flow-retry', 'ignore'), {
        key: `x-flow-${mapping.verb}`,
        path: mapping.extension.path
      })
    }
    return { on, onIsOwn: on !== null && index === 0, max, ignore: saves ? [] : ignore }
  }
  return USUAL_CONDUCT.retry
}

function compileRateLimit(holders: readonly ConductHolder[]): RateLimitRecord | null {
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
