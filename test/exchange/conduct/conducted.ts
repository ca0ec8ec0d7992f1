import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { inspect } from 'node:util'

import { createOwner } from '../../../service/base/owner.ts'
import type { ProblemCode } from '../../../service/errors.ts'
import { ConnectorError } from '../../../service/errors.ts'
import type { ConductLimits, ConductPorts } from '../../../service/exchange/conduct/with-conduct.ts'
import { USUAL_LIMITS, withConduct } from '../../../service/exchange/conduct/with-conduct.ts'
import { createLiveExchange } from '../../../service/exchange/live-exchange.ts'
import type { Answer } from '../../../service/exchange/types.ts'
import type { OnWait } from '../../../service/exchange/watch.ts'
import { USUAL_CONDUCT } from '../../../service/model/endpoint-record.ts'
import type { ConductRecord, RateLimitRecord } from '../../../service/model/endpoint-record.ts'
import { createApiClient } from '../../../service/net/api-client.ts'
import { withIdempotencyKey } from '../../../service/plan/plan-request.ts'
import type { RequestPlan } from '../../../service/plan/types.ts'
import { untilAborted } from '../../../service/time/deadline.ts'
import { ANSWERS, REPEATED } from '../../support/response-budget.ts'
import { testEgress } from '../../support/test-egress.ts'
import { plan } from '../plan.ts'

/** The wall clock when a test's time begins. */
export const START = Date.parse('2026-03-01T12:00:00Z')

export type TestTime = {
  readonly ports: ConductPorts
  /** Every wait that was asked for, in milliseconds. */
  readonly waits: readonly number[]
  /** Milliseconds since the test's time began. */
  elapsed(): number
  /** Lets time pass, and what waits for it go on. */
  advance(milliseconds: number): void
}

/**
 * A time of the test's own, in which chance is always one half.
 *
 * @param flow `at once`: whoever waits makes the time pass. `by hand`: only the test does.
 */
export function testTime(flow: 'at once' | 'by hand' = 'at once'): TestTime {
  const waits: number[] = []
  const sleepers: { readonly due: number; readonly wake: () => void }[] = []
  let elapsed = 0
  return {
    ports: {
      now: () => elapsed,
      date: () => START + elapsed,
      random: () => 0.5,
      async wait(milliseconds, signal) {
        waits.push(milliseconds)
        if (flow === 'at once') elapsed += milliseconds
        else {
          const due = elapsed + milliseconds
          await untilAborted(new Promise<void>(wake => sleepers.push({ due, wake })), signal)
        }
      },
      rateLimit: null
    },
    waits,
    elapsed: () => elapsed,
    advance(milliseconds) {
      elapsed += milliseconds
      for (const { due, wake } of sleepers) if (due <= elapsed) wake()
    }
  }
}

/** What a test changes of a call: its conduct's members apart, and who makes it. */
export type CallChanges = Partial<RequestPlan> & {
  readonly retry?: Partial<ConductRecord['retry']>
  readonly rateLimit?: Partial<RateLimitRecord>
  readonly tenant?: string
  readonly signal?: AbortSignal
  readonly timeLeftMs?: number
  readonly isAlone?: boolean
  readonly onWait?: OnWait
}

/** Makes calls; a GET of `/things` by tenant `acme` unless changed. */
export type Conducted = ((changes?: CallChanges) => Promise<Answer>) & {
  /** When each call left, on the clock of the ports. */
  readonly departures: readonly number[]
}

/** Calls over the network under conduct. */
export function conducted(
  t: TestContext,
  base: string,
  ports: ConductPorts,
  limits: Partial<ConductLimits> = {},
  egress = testEgress()
): Conducted {
  const all = { ...USUAL_LIMITS, callMs: 15_000, ...limits }
  const api = {
    CONNECT_TIMEOUT_MS: 200,
    RESPONSE_MAX_BYTES: 10_000,
    UPSTREAM_TIMEOUT_MS: all.callMs
  }
  const client = createApiClient(api, egress)
  t.after(() => client.close())
  const departures: number[] = []
  let keys = 0
  const newKey = (): string => `key-${++keys}`
  const live = createLiveExchange(client, 1_000_000, ANSWERS, REPEATED)
  const exchange = withConduct(
    (called, context) => {
      departures.push(ports.now())
      return live(called, context)
    },
    ports,
    all
  )
  const call = ({
    retry,
    rateLimit,
    tenant = 'acme',
    signal,
    timeLeftMs = Number.POSITIVE_INFINITY,
    isAlone,
    onWait,
    ...changes
  }: CallChanges = {}) => {
    const conduct: ConductRecord = {
      retry: { ...USUAL_CONDUCT.retry, ...retry },
      rateLimit: rateLimit === undefined ? null : { ...NO_LIMIT, ...rateLimit }
    }
    const called = plan({ url: `${base}/things`, conduct, ...changes })
    return exchange(withIdempotencyKey(called, newKey), {
      owner: createOwner(null, tenant),
      signal: signal ?? new AbortController().signal,
      timeLeftMs,
      isAlone,
      onWait
    })
  }
  return Object.assign(call, { departures })
}

const NO_LIMIT: RateLimitRecord = {
  pointer: '/x-flow-rate-limit',
  requestsPerSecond: null,
  quotas: [],
  remainingHeader: null,
  resetHeader: null
}

/** A bound on repeats that no test reaches. */
export const ENOUGH = { windowMs: 10_000, share: 1, floor: 1_000 }

/** A circuit that never opens. */
export const CLOSED = { windowMs: 10_000, failures: Number.POSITIVE_INFINITY, openMs: 5_000 }

/** The problem that a call ends in, whose code is checked. */
export async function problem(code: ProblemCode, call: Promise<unknown>): Promise<ConnectorError> {
  const error = await call.then(
    () => assert.fail(`the call succeeded, where ${code} was expected`),
    (reason: unknown) => reason
  )
  assert.ok(error instanceof ConnectorError, inspect(error))
  assert.equal(error.code, code, error.message)
  return error
}

/** What calls end in: their statuses, or the codes of their problems. */
export async function ends(calls: readonly Promise<Answer>[]): Promise<(number | string)[]> {
  const settled = await Promise.allSettled(calls)
  return settled.map(end => {
    if (end.status === 'fulfilled') return end.value.status
    return end.reason instanceof ConnectorError ? end.reason.code : inspect(end.reason)
  })
}
