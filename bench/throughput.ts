import assert from 'node:assert/strict'

import autocannon from 'autocannon'

import type { BenchBounds, Side } from './bench-line.ts'

/** A request that is sent again and again. */
export type RepeatedRequest = {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly body?: string
}

const CONNECTIONS = 50
/** Until the engine has compiled all that a request needs for the last time. */
const WARM_UP_SECONDS = 8
/** A measurement ends at the first look after its time. */
const LOOK_MS = 100
/** What less than a second is for: so few that a service that is not warm yet keeps up on any machine. */
const TRIAL = { amount: 100, connections: 4 }
export const JSON_HEADERS = { 'content-type': 'application/json' }

/**
 * Measures requests per second over 50 connections: ours, the reference, ours again, for so many rounds,
 * after both are warm. Every answer has to be a success.
 */
export async function measureInTurn(
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

/** Successful answers per second. */
async function throughput(request: RepeatedRequest, seconds: number): Promise<number> {
  const result = await autocannon({
    ...request,
    ...(request.body !== undefined && { headers: JSON_HEADERS }),
    ...(seconds < 1 ? TRIAL : { connections: CONNECTIONS, duration: seconds }),
    sampleInt: LOOK_MS
  })
  const failed = JSON.stringify([result.statusCodeStats, result.errors, result.timeouts])
  assert.equal(result.non2xx + result.errors, 0, `not all answers are successes: ${failed}`)
  assert.ok(result['2xx'] > 0)
  return result['2xx'] / result.duration
}
