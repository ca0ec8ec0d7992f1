import { parseWritten } from '../base/exact-number.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import type { Repeats } from '../operations/send-rows.ts'

/** The first line of a ledger: what it is of. */
export type LedgerHead = {
  readonly ledger: 1
  readonly type: string
  /** Hashes of where the rows go, and of the input. */
  readonly target: string
  readonly input: string
}

/** Any other line of a ledger: what became of the row at a line of the input. */
export type LedgerEntry = { readonly row: number } & (
  | {
      readonly is: 'sent'
      /** The idempotency key of the request, by which its rows are known. */
      readonly call: string
      readonly repeats: Repeats
      /** ms since 1970. */
      readonly at: number
    }
  | { readonly is: 'saved'; readonly id: string | null }
  | { readonly is: 'failed' | 'unknown'; readonly reason: string }
  | { readonly is: 'unsent' }
)

type SentEntry = Extract<LedgerEntry, { readonly is: 'sent' }>

/** What is known of a row; `new` for one of which nothing is. */
export type RowState =
  | { readonly is: 'new' | 'saved' }
  | { readonly is: 'failed' | 'unknown'; readonly reason: string }
  /** It was sent, and the run ended before it was known what became of it. */
  | { readonly is: 'open'; readonly sent: SentEntry }

/** What the lines of a ledger say together. */
export type LedgerState = {
  add(entry: LedgerEntry): void
  of(line: number): RowState
  /** How many rows of a request are open. */
  openOf(call: string): number
}

const NEW: RowState = { is: 'new' }
const SAVED: RowState = { is: 'saved' }

/** Saved rows take one bit each, so that a ledger of any length can be read. */
export function createLedgerState(): LedgerState {
  let saved = new Uint8Array(1024)
  const others = new Map<number, RowState>()
  const openCalls = new Map<string, number>()
  /** Reasons are mostly the same. */
  const reasons = new Map<string, string>()
  const count = (call: string, by: number): void => {
    const left = (openCalls.get(call) ?? 0) + by
    if (left === 0) openCalls.delete(call)
    else openCalls.set(call, left)
  }
  const setSaved = (line: number): void => {
    const at = line >>> 3
    if (at >= saved.length) {
      const longer = new Uint8Array(Math.max(at + 1, saved.length * 2))
      longer.set(saved)
      saved = longer
    }
    saved[at] = (saved[at] ?? 0) | (1 << (line & 7))
  }
  const isSaved = (line: number): boolean => ((saved[line >>> 3] ?? 0) & (1 << (line & 7))) !== 0
  const shared = (reason: string): string => {
    const known = reasons.get(reason) ?? reason
    reasons.set(known, known)
    return known
  }
  return {
    add(entry) {
      const { row } = entry
      const before = others.get(row)
      if (before?.is === 'open') count(before.sent.call, -1)
      others.delete(row)
      switch (entry.is) {
        case 'sent':
          others.set(row, { is: 'open', sent: entry })
          count(entry.call, 1)
          break
        case 'saved':
          setSaved(row)
          break
        case 'failed':
        case 'unknown':
          others.set(row, { is: entry.is, reason: shared(entry.reason) })
          break
        case 'unsent':
          break
        default:
          entry satisfies never
      }
    },
    of: line => others.get(line) ?? (isSaved(line) ? SAVED : NEW),
    openOf: call => openCalls.get(call) ?? 0
  }
}

export function ledgerLine(value: LedgerHead | LedgerEntry): string {
  return `${JSON.stringify(value)}\n`
}

/** The head of a ledger; null for text that is none. */
export function readLedgerHead(text: string): LedgerHead | null {
  const value = parsed(text)
  if (!isJsonObject(value) || value.ledger !== 1) return null
  const { type, target, input } = value
  const isHead = typeof type === 'string' && typeof target === 'string' && typeof input === 'string'
  return isHead ? { ledger: 1, type, target, input } : null
}

/** An entry of a ledger; null for text that is none. */
export function readLedgerEntry(text: string): LedgerEntry | null {
  const value = parsed(text)
  if (!isJsonObject(value)) return null
  const { row, is, call, repeats, at, id = null, reason } = value
  if (typeof row !== 'number' || !Number.isSafeInteger(row) || row < 1) return null
  switch (is) {
    case 'sent': {
      const isKnown = repeats === 'method' || repeats === 'key' || repeats === null
      if (!isKnown || typeof call !== 'string' || typeof at !== 'number') return null
      return { row, is, call, repeats, at }
    }
    case 'saved':
      return id === null || typeof id === 'string' ? { row, is, id } : null
    case 'failed':
    case 'unknown':
      return typeof reason === 'string' ? { row, is, reason } : null
    case 'unsent':
      return { row, is }
    default:
      return null
  }
}

function parsed(text: string): JsonValue {
  try {
    return parseWritten<JsonValue>(text)
  } catch {
    return null
  }
}
