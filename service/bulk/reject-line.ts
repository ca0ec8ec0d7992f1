import type { JsonObject } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import { jsonText } from './row-format.ts'

/** A row that was not written, and why (docs/pipelines.md#rejects). */
export type Reject = {
  /** Where it stands in the input. */
  readonly line: number
  readonly outcome: (typeof OUTCOMES)[number]
  readonly reason: string
  readonly row: JsonObject
}

const OUTCOMES = ['failed', 'unknown', 'unsent'] as const

const MEMBERS = 'line,outcome,reason,row'

export function rejectLine({ line, outcome, reason, row }: Reject): string {
  return `${jsonText({ line, outcome, reason, row })}\n`
}

/** The reject that a row of an input is; null for any other row. */
export function readReject(given: JsonObject): Reject | null {
  const { line, reason, row } = given
  const outcome = OUTCOMES.find(known => known === given.outcome)
  const isOne = Object.keys(given).join() === MEMBERS && outcome !== undefined
  if (!isOne || typeof line !== 'number' || typeof reason !== 'string') return null
  return isJsonObject(row) ? { line, outcome, reason, row } : null
}
