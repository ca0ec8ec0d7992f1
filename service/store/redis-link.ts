import type { Redis } from 'ioredis'

import type { CommandKind, RedisState } from './redis-health.ts'
import { isOfReplica, isRedisReply, redisCode } from './redis-error.ts'
import { createRedis } from './create-redis.ts'
import { createRedisHealth } from './redis-health.ts'
import { StoreUnavailable } from './entry.ts'

/** A connection to Redis with limits on waiting and on unanswered commands. */
export type RedisLink = {
  /** @throws StoreUnavailable when Redis times out, returns an error, or is skipped. */
  read<T>(command: (redis: Redis) => Promise<T>): Promise<T>
  /**
   * The same for commands that need memory in Redis.
   *
   * @param bytes Size of the command.
   */
  write<T>(command: (redis: Redis) => Promise<T>, bytes?: number): Promise<T>
  /** The same for commands that need no memory in Redis. */
  free<T>(command: (redis: Redis) => Promise<T>): Promise<T>
  /** Number of the connection. Writes on an earlier one may be lost. */
  connection(): number
  state(): RedisState
  /** Number of commands that failed with StoreUnavailable so far. */
  fallbacks(): number
  /**
   * Entries set after this time (ms since 1970) are the latest. Shortly after an interruption, writes of
   * other replicas may still not reach Redis.
   */
  settledAt(): number
  /** Registers a callback for whenever Redis becomes available again. */
  onReturn(callback: () => void): void
  close(): Promise<void>
}

export type RedisTimes = {
  /** Time-out of a command. */
  readonly commandMs: number
  readonly connectMs: number
  /** How long Redis may send nothing while a command is pending, before the link reconnects. */
  readonly silenceMs: number
  /** How long to send no commands after repeated failures, or no writes after an error. */
  readonly backoffMs: number
  /** Longest delay between attempts to connect. */
  readonly reconnectMs: number
}

export type RedisLinkOptions = {
  /** `REDIS_URL`. */
  readonly url: string
  readonly ports: {
    /** A monotonic clock in milliseconds. */
    readonly now: () => number
    /** Milliseconds since 1970. */
    readonly date: () => number
    /** From 0 up to 1, as of `Math.random`. */
    readonly random: () => number
  }
  /** Logs each change of state. */
  readonly log: Record<'warn' | 'info', (message: string, facts: StateFacts) => void>
  readonly times: RedisTimes
}

type StateFacts = {
  readonly reason: string | null
  /** How long the previous state lasted. */
  readonly afterMs: number
}

/** All but `commandMs`, which is a setting. */
export const USUAL_TIMES: Omit<RedisTimes, 'commandMs'> = {
  connectMs: 2_000,
  silenceMs: 1_000,
  backoffMs: 5_000,
  reconnectMs: 2_000
}

/** Limit on unanswered commands, each counted with an overhead. */
const IN_FLIGHT_MAX_BYTES = 64 * 1024 * 1024
const COMMAND_OVERHEAD_BYTES = 4 * 1024

const MESSAGES = {
  ok: 'Redis is in use',
  away: 'Redis is away: this instance uses its own memory',
  full: 'Redis is full: this instance keeps new values in its own memory'
} as const

/**
 * Connects to Redis and reconnects without end. A command resolves or fails within `commandMs`; while
 * Redis is away, it fails at once.
 */
export function createRedisLink(options: RedisLinkOptions): RedisLink {
  const { ports, log, times } = options
  const began = ports.now()
  const returns: (() => void)[] = []
  let connections = 0
  let settledAt: number | null = null
  let inFlight = 0
  let fallbacks = 0
  let isReconnecting = false
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
  const redis = createRedis(options.url, {
    connectTimeout: times.connectMs,
    socketTimeout: times.silenceMs,
    maxLoadingRetryTime: times.reconnectMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: attempt => Math.min(attempt * 100, times.reconnectMs) * (1 - ports.random() / 2),
    reconnectOnError(error) {
      if (isOfReplica(error)) isReconnecting = true
      return isOfReplica(error)
    }
  })
  redis.on('error', error => {
    lastError = redisCode(error)
  })
  const reportLoss = (): void => {
    if (!isReconnecting && !isClosed) health.lost(lastError ?? 'closed')
  }
  redis.on('close', () => {
    reportLoss()
    isReconnecting = false
  })
  redis.on('ready', () => {
    connections++
    lastError = null
    health.connected()
  })

  const isConnected = (): boolean => {
    if (redis.status === 'ready') return true
    // ioredis emits nothing while a server loads its data; give the first connection some time.
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
    const bytes = COMMAND_OVERHEAD_BYTES + length
    if (isClosed || !isConnected()) throw unavailable('away')
    if (inFlight + bytes > IN_FLIGHT_MAX_BYTES) throw unavailable('busy')
    if (!health.admits(kind)) throw unavailable('skipped')
    inFlight += bytes
    const answer = command(redis).finally(() => {
      inFlight -= bytes
    })
    try {
      const value = await withTimeout(answer, times.commandMs)
      health.succeeded(kind)
      return value
    } catch (error) {
      const reason = redisCode(error)
      if (isRedisReply(error)) health.refused(kind, reason)
      // Commands fail before the `close` event reports a lost connection.
      else if (reason === 'closed') reportLoss()
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
      if (redis.status === 'ready') await withTimeout(redis.quit(), times.commandMs).catch(() => {})
      redis.disconnect()
    }
  }
}

/** Limits a wait. If the event loop was blocked, replies that have arrived are read first. */
function withTimeout<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const giveUp = (): void => reject(new StoreUnavailable('timeout'))
  const timer = setTimeout(() => setImmediate(giveUp), milliseconds)
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
