/** What is known of Redis. */
export type RedisState = {
  /** `full`: it is read, and takes nothing new. */
  readonly state: 'ok' | 'away' | 'full'
  /** Milliseconds since 1970. */
  readonly since: number
  /** The first word of what Redis, or the code of what the system said; null when all is well. */
  readonly reason: string | null
}

/** What a command does there: `write` needs room, `free` makes some. */
export type CommandKind = 'read' | 'write' | 'free'

/** Decides from how commands end whether the next is sent. */
export type RedisHealth = {
  state(): RedisState
  /**
   * Whether a command is to be sent. Of those who find that a time of rest is over one may try, and
   * the others go on without.
   */
  admits(kind: CommandKind): boolean
  succeeded(kind: CommandKind): void
  /** Redis has refused a command, and said why. */
  refused(kind: CommandKind, reason: string): void
  /** A command had no answer in time. */
  failed(reason: string): void
  /** A connection was made, over which commands may be sent. */
  connected(): void
  /** There is no connection. */
  lost(reason: string): void
}

export type RedisHealthOptions = {
  readonly ports: {
    /** Milliseconds on a clock that never goes back. */
    readonly now: () => number
    /** Milliseconds since 1970. */
    readonly date: () => number
  }
  /** Milliseconds that Redis is left alone after repeated failures, or writes after a refusal. */
  readonly backoffMs: number
  /** Told of each change of the state, with the milliseconds that the one before it lasted. */
  readonly onChange: (state: RedisState, afterMs: number) => void
}

/** Failures one after another, after which Redis counts as away. */
const FAILURES_MAX = 3

/** The health of a Redis that is not there yet, of which nothing is said until it is known. */
export function createRedisHealth({ ports, backoffMs, onChange }: RedisHealthOptions): RedisHealth {
  let current: RedisState = { state: 'away', since: ports.date(), reason: null }
  let isKnown = false
  let failures = 0
  let restsUntil = 0
  let writesRestUntil = 0
  /** Whether it has refused a change for another reason than room. */
  let isFixed = false

  const change = (state: RedisState['state'], reason: string | null): void => {
    if (isKnown && current.state === state) return
    if (state === 'ok') restsUntil = 0
    const since = ports.date()
    const afterMs = since - current.since
    isKnown = true
    current = { state, since, reason }
    onChange(current, afterMs)
  }
  const fail = (reason: string): void => {
    failures++
    if (failures < FAILURES_MAX) return
    restsUntil = ports.now() + backoffMs
    change('away', reason)
  }
  return {
    state: () => current,
    admits(kind) {
      const now = ports.now()
      // What cannot be changed there cannot be believed either: others may have what is newer.
      if (isFixed && kind === 'read') return false
      const asksForWrites = isFixed || (current.state === 'full' && kind === 'write')
      if (now < (asksForWrites ? writesRestUntil : restsUntil)) return false
      if (asksForWrites) writesRestUntil = now + backoffMs
      else if (current.state === 'away') restsUntil = now + backoffMs
      return true
    },
    succeeded(kind) {
      failures = 0
      if (kind !== 'read') isFixed = false
      const isBack = current.state === 'away' || (current.state === 'full' && kind === 'write')
      if (isBack && !isFixed) change('ok', null)
    },
    refused(kind, reason) {
      // That is about one key.
      if (reason === 'WRONGTYPE') return
      if (kind === 'read') return fail(reason)
      writesRestUntil = ports.now() + backoffMs
      isFixed = reason !== 'OOM'
      change(isFixed ? 'away' : 'full', reason)
    },
    failed: fail,
    connected() {
      failures = 0
      restsUntil = 0
      if (!isFixed) change('ok', null)
    },
    lost(reason) {
      isFixed = false
      change('away', reason)
    }
  }
}
