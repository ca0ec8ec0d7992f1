import assert from 'node:assert/strict'

import autocannon from 'autocannon'

import type { BenchBounds, Side } from './bench-line.ts'

/** A request to repeat. */
export type RepeatedRequest = {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly body?: string
}

const CONNECTIONS = 50
/** Until V8 has optimized the request path. */
const WARM_UP_SECONDS = 8
/** How often a measurement checks whether its time is over. */
const POLL_MS = 100
/** For less than a second: few enough that a cold service keeps up on any machine. */
const TRIAL = { amount: 100, connections: 4 }
export const JSON_HEADERS = { 'content-type': 'application/json' }

/**
 * Measures requests per second over 50 connections, alternating between ours and the reference, after a
 * warm-up of both. Every answer has to be a success.
 */
export async function measureAlternating(
  ours: { readonly name: string; readonly request: RepeatedRequest },
  reference: { readonly name: string; readonly request: RepeatedRequest },
  { rounds, seconds }: BenchBounds
): Promise<{ readonly ours: Side; readonly reference: Side }> {
  const figures = { ours: [] as number[], reference: [] as number[] }
  for (const { request } of [ours, reference]) {
    await throughput(request, Math.min(WARM_UP_SECONDS, seconds))
  }
  for (let round = 0; round < rounds; round++) {
    figures.ours.push(await throughput(ours.request, seconds))
    figures.reference.push(await throughput(reference.request, seconds))
  }
  return {
    ours: { name: ours.name, figures: figures.ours },
    reference: { name: reference.name, figures: figures.reference }
  }
}

/** Sends so many requests over 50 connections. Every answer has to be a success. */
export async function repeat(request: RepeatedRequest, amount: number): Promise<void> {
  const options = { ...request, headers: JSON_HEADERS, connections: CONNECTIONS, amount }
  assertAllAnswered(await autocannon(options))
}

/** Successful answers per second. */
async function throughput(request: RepeatedRequest, seconds: number): Promise<number> {
  const result = await autocannon({
    ...request,
    ...(request.body !== undefined && { headers: JSON_HEADERS }),
    ...(seconds < 1 ? TRIAL : { connections: CONNECTIONS, duration: seconds }),
    sampleInt: POLL_MS
  })
  assertAllAnswered(result)
  return result['2xx'] / result.duration
}

function assertAllAnswered(result: autocannon.Result): void {
  const failed = JSON.stringify([result.statusCodeStats, result.errors, result.timeouts])
  assert.equal(result.non2xx + result.errors, 0, `not all answers are successes: ${failed}`)
  assert.ok(result['2xx'] > 0)
}
