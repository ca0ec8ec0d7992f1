export type RedisState = {
  /** `full`: reads succeed, writes fail for lack of memory. */
  readonly state: 'ok' | 'away' | 'full'
  /** Milliseconds since 1970. */
  readonly since: number
  /** First word of Redis' error, or a code of the system; null when `ok`. */
  readonly reason: string | null
}

/** `write` needs memory in Redis; `free` releases memory or needs none. */
export type CommandKind = 'read' | 'write' | 'free'

/** A circuit breaker for Redis: it decides from past outcomes whether to send a command. */
export type RedisHealth = {
  state(): RedisState
  /**
   * Whether to send a command. After a pause one command is admitted as a probe.
   */
  admits(kind: CommandKind): boolean
  succeeded(kind: CommandKind): void
  /** Redis returned an error. */
  refused(kind: CommandKind, reason: string): void
  /** A command timed out. */
  failed(reason: string): void
  /** A connection is ready for commands. */
  connected(): void
  /** The connection was lost or could not be made. */
  lost(reason: string): void
}

export type RedisHealthOptions = {
  readonly ports: {
    /** A monotonic clock in milliseconds. */
    readonly now: () => number
    /** Milliseconds since 1970. */
    readonly date: () => number
  }
  /** How long to send no commands after repeated failures, or no writes after an error. */
  readonly backoffMs: number
  /** @param afterMs How long the previous state lasted. */
  readonly onChange: (state: RedisState, afterMs: number) => void
}

/** Consecutive failures until Redis counts as away. */
const FAILURES_MAX = 3

/** Starts as `away`, which is not reported: the first call of `onChange` is for the first known state. */
export function createRedisHealth({ ports, backoffMs, onChange }: RedisHealthOptions): RedisHealth {
  let current: RedisState = { state: 'away', since: ports.date(), reason: null }
  let isReported = false
  let failures = 0
  let skipUntil = 0
  let skipWritesUntil = 0
  /** Whether it failed a write for another reason than memory. */
  let rejectsWrites = false

  const change = (state: RedisState['state'], reason: string | null): void => {
    if (isReported && current.state === state) return
    if (state === 'ok') skipUntil = 0
    const since = ports.date()
    const afterMs = since - current.since
    isReported = true
    current = { state, since, reason }
    onChange(current, afterMs)
  }
  const fail = (reason: string): void => {
    failures++
    if (failures < FAILURES_MAX) return
    skipUntil = ports.now() + backoffMs
    change('away', reason)
  }
  return {
    state: () => current,
    admits(kind) {
      const now = ports.now()
      // Without writes, its values may be outdated.
      if (rejectsWrites && kind === 'read') return false
      const probesWrites = rejectsWrites || (current.state === 'full' && kind === 'write')
      if (now < (probesWrites ? skipWritesUntil : skipUntil)) return false
      if (probesWrites) skipWritesUntil = now + backoffMs
      else if (current.state === 'away') skipUntil = now + backoffMs
      return true
    },
    succeeded(kind) {
      failures = 0
      if (kind !== 'read') rejectsWrites = false
      const isBack = current.state === 'away' || (current.state === 'full' && kind === 'write')
      if (isBack && !rejectsWrites) change('ok', null)
    },
    refused(kind, reason) {
      // This concerns a single key.
      if (reason === 'WRONGTYPE') return
      if (kind === 'read') return fail(reason)
      skipWritesUntil = ports.now() + backoffMs
      rejectsWrites = reason !== 'OOM'
      change(rejectsWrites ? 'away' : 'full', reason)
    },
    failed: fail,
    connected() {
      failures = 0
      skipUntil = 0
      if (!rejectsWrites) change('ok', null)
    },
    lost(reason) {
      rejectsWrites = false
      change('away', reason)
    }
  }
}
