import type { WaitReason } from '../exchange/watch.ts'

/** Until when a call waits (ms on a monotonic clock), and what for. */
export type Waiting = { readonly until: number; readonly reason: WaitReason }

const WAITS: { readonly [reason in WaitReason]: string } = {
  'rate limit': 'for the rate limit',
  repeat: 'to repeat a call'
}

/** `waiting 5 s for the rate limit`; blank where nothing is waited for. */
export function waitWords(waiting: Waiting | null, now: number): string {
  if (waiting === null || waiting.until <= now) return ''
  return `waiting ${duration((waiting.until - now) / 1000)} ${WAITS[waiting.reason]}`
}

export function plural(amount: number, word: string): string {
  return `${count(amount)} ${word}${amount === 1 ? '' : 's'}`
}

const COUNTS = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

export function count(amount: number): string {
  return COUNTS.format(amount)
}

/** `45 s`, `3 min`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
