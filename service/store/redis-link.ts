import { Redis } from 'ioredis'

import type { CommandKind, RedisState } from './redis-health.ts'
import { createRedisHealth } from './redis-health.ts'
import { StoreUnavailable } from './store-unavailable.ts'

/** A connection to Redis on which nobody waits long, and nothing piles up. */
export type RedisLink = {
  /** @throws StoreUnavailable when Redis does not answer, refuses, or is not asked at all. */
  read<T>(command: (redis: Redis) => Promise<T>): Promise<T>
  /**
   * The same for what needs room there.
   *
   * @param bytes Length of what is sent.
   */
  write<T>(command: (redis: Redis) => Promise<T>, bytes?: number): Promise<T>
  /** The same for what makes room. */
  free<T>(command: (redis: Redis) => Promise<T>): Promise<T>
  /** Tells one connection from the next: what an earlier one took may be lost. */
  connection(): number
  state(): RedisState
  /** How many commands were refused so far, or had no answer. */
  fallbacks(): number
  /**
   * Milliseconds since 1970, from which on what was set there is the latest. After an interruption
   * other replicas may for a while still set what does not reach it.
   */
  settledAt(): number
  /** Calls back whenever Redis is in use again. */
  onReturn(callback: () => void): void
  close(): Promise<void>
}

/** Milliseconds. */
export type RedisTimes = {
  /** Of a command, until whoever asked goes on without its answer. */
  readonly commandMs: number
  readonly connectMs: number
  /** Without a byte from Redis while it owes an answer, after which the connection is made anew. */
  readonly silenceMs: number
  /** That Redis is left alone after repeated failures, or writes after a refusal. */
  readonly backoffMs: number
  /** Between two tries to connect at the most. */
  readonly reconnectMs: number
}

export type RedisLinkOptions = {
  /** As in `REDIS_URL`. */
  readonly url: string
  readonly ports: {
    /** Milliseconds on a clock that never goes back. */
    readonly now: () => number
    /** Milliseconds since 1970. */
    readonly date: () => number
    /** At least 0, below 1. */
    readonly random: () => number
  }
  /** Takes a line for each change of the state. */
  readonly log: Record<'warn' | 'info', (message: string, facts: StateFacts) => void>
  readonly times: RedisTimes
}

type StateFacts = {
  readonly reason: string | null
  /** Milliseconds that the state before it lasted. */
  readonly afterMs: number
}

/** All times but that of a command, which is a setting. */
export const USUAL_TIMES: Omit<RedisTimes, 'commandMs'> = {
  connectMs: 2_000,
  silenceMs: 1_000,
  backoffMs: 5_000,
  reconnectMs: 2_000
}

/** Bound on what is sent and not answered, in bytes; a command alone counts as so many. */
const IN_FLIGHT_MAX_BYTES = 64 * 1024 * 1024
const COMMAND_BYTES = 4 * 1024

const MESSAGES = {
  ok: 'Redis is in use',
  away: 'Redis is away: this replica goes on with what it remembers itself',
  full: 'Redis is full: this replica keeps what is new itself'
} as const

/**
 * Connects to Redis, and connects again whenever it is lost, for as long as it takes. Whoever asks is
 * answered or refused within `commandMs`; while Redis is away, at once.
 */
export function createRedisLink(options: RedisLinkOptions): RedisLink {
  const { ports, log, times } = options
  const began = ports.now()
  const returns: (() => void)[] = []
  let connections = 0
  let settledAt: number | null = null
  let inFlight = 0
  let fallbacks = 0
  let isRenewing = false
  let isClosed = false
  let lastError: string | null = null

  const health = createRedisHealth({
    ports,
    backoffMs: times.backoffMs,
    onChange({ state, since, reason }, afterMs) {
      log[state === 'ok' ? 'info' : 'warn'](MESSAGES[state], { reason, afterMs })
      if (state !== 'ok') return
      settledAt = settledAt === null ? 0 : since + times.backoffMs
      for (const callback of returns) callback()
    }
  })
  const redis = new Redis(options.url, {
    connectTimeout: times.connectMs,
    socketTimeout: times.silenceMs,
    disconnectTimeout: times.commandMs,
    maxLoadingRetryTime: times.reconnectMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: attempt => Math.min(attempt * 100, times.reconnectMs) * (1 - ports.random() / 2),
    // A name that has moved to another server is asked for anew.
    reconnectOnError(error) {
      const isReplica = codeOf(error) === 'READONLY'
      if (isReplica) isRenewing = true
      return isReplica
    }
  })
  redis.on('error', error => {
    lastError = codeOf(error)
  })
  redis.on('close', () => {
    if (!isRenewing && !isClosed) health.lost(lastError ?? 'closed')
    isRenewing = false
  })
  redis.on('ready', () => {
    connections++
    lastError = null
    health.connected()
  })

  const isConnected = (): boolean => {
    if (redis.status === 'ready') return true
    // A connection takes a moment, and a server that still reads its data says nothing of its own.
    const isOverdue = connections === 0 && ports.now() - began > times.silenceMs
    if (isOverdue) health.lost(lastError ?? 'not ready')
    return false
  }
  const unavailable = (reason: string): StoreUnavailable => {
    fallbacks++
    return new StoreUnavailable(reason)
  }
  const ask = async <T>(
    kind: CommandKind,
    command: (redis: Redis) => Promise<T>,
    length = 0
  ): Promise<T> => {
    const bytes = COMMAND_BYTES + length
    if (isClosed || !isConnected()) throw unavailable('away')
    if (inFlight + bytes > IN_FLIGHT_MAX_BYTES) throw unavailable('busy')
    if (!health.admits(kind)) throw unavailable('skipped')
    inFlight += bytes
    const answer = command(redis).finally(() => {
      inFlight -= bytes
    })
    try {
      const value = await inTime(answer, times.commandMs)
      health.succeeded(kind)
      return value
    } catch (error) {
      const reason = codeOf(error)
      if (isReply(error)) health.refused(kind, reason)
      // A connection that is lost says so itself.
      else if (redis.status === 'ready') health.failed(reason)
      throw unavailable(reason)
    }
  }
  return {
    read: command => ask('read', command),
    write: (command, bytes) => ask('write', command, bytes),
    free: command => ask('free', command),
    connection: () => connections,
    state: () => health.state(),
    fallbacks: () => fallbacks,
    settledAt: () => settledAt ?? 0,
    onReturn: callback => void returns.push(callback),
    async close() {
      isClosed = true
      if (redis.status === 'ready') await inTime(redis.quit(), times.commandMs).catch(() => {})
      redis.disconnect()
    }
  }
}

/** What can be said of an error without repeating its text, which may hold what was sent. */
function codeOf(error: unknown): string {
  if (isReply(error)) return /^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR'
  if (error instanceof StoreUnavailable) return error.message
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error && /timeout/i.test(error.message) ? 'timeout' : 'closed'
}

function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError'
}

/** Waits so long for a promise. A thread that was held up reads what has arrived before it gives up. */
function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const giveUp = (): void => reject(new StoreUnavailable('timeout'))
  const timer = setTimeout(() => setImmediate(giveUp), milliseconds)
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
