import type { JobRedis } from './job-redis.ts'
import type { Sealer } from './sealer.ts'

/** What a user has decided of a run. */
export type RunState = 'running' | 'paused' | 'cancelled'

/** `running`: somebody has begun it, and neither committed it nor failed. */
export type PartState = 'waiting' | 'running' | 'done' | 'failed'

/** A run, as a list of runs tells it. */
export type SharedRun = {
  readonly id: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly state: RunState
  /** How many parts it has; the last one needs all others. */
  readonly parts: number
  readonly done: number
  readonly failed: number
  /** How often it was let go on. Jobs of earlier rounds begin nothing that waits. */
  readonly round: number
}

/** A part of a run, from 0. */
export type SharedPart = {
  readonly state: PartState
  /** How often it was begun. */
  readonly starts: number
  /** As it was told last; blank before. */
  readonly progress: string
  /** Why it failed; blank if it did not. */
  readonly reason: string
}

/** A part that a worker has begun. */
export type PartHold = { readonly run: string; readonly part: number; readonly token: string }

/**
 * Runs of several parts that workers on different machines share. Who begins a part gets it under a token of its own, and
 * only the holder of the latest token can commit it, so that a worker that was taken for dead changes nothing.
 */
export type SharedRuns = {
  /**
   * Creates a run, unless there is one of its id.
   *
   * @param text Sealed: it may have secrets.
   */
  create(run: Pick<SharedRun, 'id' | 'name' | 'at' | 'parts'>, text: string): Promise<void>
  /** The latest runs, the newest first. */
  list(): Promise<readonly SharedRun[]>
  /** Null for a run that is not known. */
  find(run: string): Promise<SharedRun | null>
  parts(run: string): Promise<readonly SharedPart[]>
  /** The text of `create`; undefined for one that is not known, or sealed with another key. */
  text(run: string): Promise<string | undefined>
  /**
   * Begins a part.
   *
   * @param round The round of the job.
   * @param token Unique to this attempt.
   * @returns How often it was begun, with this time; 0 where it is not to be performed.
   */
  begin(hold: PartHold, round: number): Promise<number>
  /** Whether a part is still held, and its run is not cancelled. */
  isHeld(hold: PartHold): Promise<boolean>
  tell(hold: PartHold, progress: string): Promise<void>
  /** @returns Whether it is committed: not for one that somebody else has begun since, nor for a cancelled run. */
  commit(hold: PartHold, result: string): Promise<boolean>
  /** Notes that a part failed, unless somebody else has begun it since. */
  fail(hold: PartHold, reason: string): Promise<void>
  /** The result of a part that is done; undefined for any other. */
  result(run: string, part: number): Promise<string | undefined>
  /** The results of the parts that are done, by part. */
  results(run: string): Promise<ReadonlyMap<number, string>>
  set(run: string, state: Exclude<RunState, 'running'>): Promise<void>
  /**
   * Lets a run go on in a new round, unless it was cancelled.
   *
   * @param withFailed Whether parts that failed are begun again.
   * @returns The parts that wait.
   */
  again(run: string, withFailed: boolean): Promise<readonly number[]>
}

const RUNS_KEY = 'openapi-flow:runs'

/** How long a run is known after its last change. */
const LIFE_MS = 30 * 24 * 60 * 60 * 1000

/** Runs of a list. */
const LISTED_MAX = 100

/** ARGV: name, time, parts, text, life. */
const CREATE = `
if redis.call('EXISTS', KEYS[1]) == 1 then return end
redis.call('HSET', KEYS[1], 'name', ARGV[1], 'at', ARGV[2], 'parts', ARGV[3], 'sealed', ARGV[4],
  'state', 'running', 'done', 0, 'failed', 0, 'round', 0)
for part = 0, ARGV[3] - 1 do redis.call('HSET', KEYS[1], 's' .. part, 'waiting') end
redis.call('PEXPIRE', KEYS[1], ARGV[5])`

/** ARGV: part, token, round, life. The last part begins when all others are done. */
const BEGIN = `
local state, parts, round = unpack(redis.call('HMGET', KEYS[1], 'state', 'parts', 'round'))
if not state then return 0 end
local part, token = ARGV[1], ARGV[2]
local is, holder = unpack(redis.call('HMGET', KEYS[1], 's' .. part, 't' .. part))
if is == 'done' or is == 'failed' then return 0 end
if state ~= 'running' then
  redis.call('HSET', KEYS[1], 's' .. part, 'waiting')
  return 0
end
if is ~= 'running' and round ~= ARGV[3] then return 0 end
if part + 1 == tonumber(parts) and tonumber(redis.call('HGET', KEYS[1], 'done')) < part + 0 then return 0 end
if holder ~= token then redis.call('HINCRBY', KEYS[1], 'n' .. part, 1) end
redis.call('HSET', KEYS[1], 's' .. part, 'running', 't' .. part, token)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return tonumber(redis.call('HGET', KEYS[1], 'n' .. part))`

/** ARGV: part, token, state, text. A command that is sent twice is answered twice alike. */
const END = `
local state = redis.call('HGET', KEYS[1], 'state')
local is, holder = unpack(redis.call('HMGET', KEYS[1], 's' .. ARGV[1], 't' .. ARGV[1]))
if not state or holder ~= ARGV[2] then return 0 end
if is == ARGV[3] then return 1 end
if is == 'done' or is == 'failed' or state == 'cancelled' then return 0 end
redis.call('HSET', KEYS[1], 's' .. ARGV[1], ARGV[3], 'r' .. ARGV[1], ARGV[4])
redis.call('HINCRBY', KEYS[1], ARGV[3], 1)
return 1`

/** ARGV: part, token, progress. */
const TELL = `
if redis.call('HGET', KEYS[1], 't' .. ARGV[1]) == ARGV[2] then
  redis.call('HSET', KEYS[1], 'g' .. ARGV[1], ARGV[3])
end`

/** ARGV: whether with failed parts. */
const AGAIN = `
local state = redis.call('HGET', KEYS[1], 'state')
if not state or state == 'cancelled' then return {} end
redis.call('HSET', KEYS[1], 'state', 'running')
redis.call('HINCRBY', KEYS[1], 'round', 1)
local waiting = {}
for part = 0, redis.call('HGET', KEYS[1], 'parts') - 1 do
  local is = redis.call('HGET', KEYS[1], 's' .. part)
  if is == 'failed' and ARGV[1] == '1' then
    redis.call('HSET', KEYS[1], 's' .. part, 'waiting', 'n' .. part, 0)
    redis.call('HDEL', KEYS[1], 'r' .. part)
    redis.call('HINCRBY', KEYS[1], 'failed', -1)
    is = 'waiting'
  end
  if is == 'waiting' then waiting[#waiting + 1] = part end
end
return waiting`

/** Keeps runs in Redis. Results are sealed, so that others with access to it can neither read nor forge them. */
export function createSharedRuns(redis: JobRedis, sealer: Sealer): SharedRuns {
  const contextOf = (run: string, what: string): string => `${keyOf(run)}:${what}`
  const end = async (
    { run, part, token }: PartHold,
    state: PartState,
    text: string
  ): Promise<boolean> => (await redis.eval(END, 1, keyOf(run), part, token, state, text)) === 1

  const openResult = (
    run: string,
    part: number,
    state: string | null | undefined,
    sealed: string | null | undefined
  ): string | undefined =>
    state === 'done' && typeof sealed === 'string'
      ? sealer.open(sealed, contextOf(run, `result ${part}`))
      : undefined

  const find = async (id: string): Promise<SharedRun | null> => {
    const names = ['name', 'at', 'state', 'parts', 'done', 'failed', 'round'] as const
    const [name, at, state, ...counts] = await redis.hmget(keyOf(id), ...names)
    if (!isRunState(state)) return null
    const [parts = 0, done = 0, failed = 0, round = 0] = counts.map(Number)
    return { id, name: name ?? '', at: Number(at), state, parts, done, failed, round }
  }
  return {
    find,
    async create({ id, name, at, parts }, text) {
      const sealed = sealer.seal(text, contextOf(id, 'text'))
      await redis.zremrangebyscore(RUNS_KEY, 0, at - LIFE_MS)
      await redis.zadd(RUNS_KEY, 'NX', at, id)
      await redis.eval(CREATE, 1, keyOf(id), name, at, parts, sealed, LIFE_MS)
    },
    async list() {
      const ids = await redis.zrevrange(RUNS_KEY, 0, LISTED_MAX - 1)
      const found = await Promise.all(ids.map(find))
      return found.flatMap(run => run ?? [])
    },
    async parts(run) {
      const { parts = '0', ...fields } = await redis.hgetall(keyOf(run))
      return Array.from({ length: Number(parts) }, (_, part) => {
        const state = stateOf(fields[`s${part}`])
        const reason = state === 'failed' ? (fields[`r${part}`] ?? '') : ''
        const starts = Number(fields[`n${part}`] ?? 0)
        return { state, starts, progress: fields[`g${part}`] ?? '', reason }
      })
    },
    async text(run) {
      const sealed = await redis.hget(keyOf(run), 'sealed')
      return sealed === null ? undefined : sealer.open(sealed, contextOf(run, 'text'))
    },
    begin: async ({ run, part, token }, round) =>
      Number(await redis.eval(BEGIN, 1, keyOf(run), part, token, round, LIFE_MS)),
    async isHeld({ run, part, token }) {
      const [holder, state] = await redis.hmget(keyOf(run), `t${part}`, 'state')
      return holder === token && state !== 'cancelled'
    },
    async tell({ run, part, token }, progress) {
      await redis.eval(TELL, 1, keyOf(run), part, token, progress)
    },
    commit: (hold, result) =>
      end(hold, 'done', sealer.seal(result, contextOf(hold.run, `result ${hold.part}`))),
    async fail(hold, reason) {
      await end(hold, 'failed', reason)
    },
    async result(run, part) {
      const [state, sealed] = await redis.hmget(keyOf(run), `s${part}`, `r${part}`)
      return openResult(run, part, state, sealed)
    },
    async results(run) {
      const fields = await redis.hgetall(keyOf(run))
      const opened = Array.from({ length: Number(fields.parts ?? 0) }, (_, part) =>
        openResult(run, part, fields[`s${part}`], fields[`r${part}`])
      )
      return new Map(opened.flatMap((text, part) => (text === undefined ? [] : [[part, text]])))
    },
    async set(run, state) {
      const key = keyOf(run)
      if (await redis.exists(key)) await redis.hset(key, 'state', state)
    },
    async again(run, withFailed) {
      const waiting = await redis.eval(AGAIN, 1, keyOf(run), withFailed ? '1' : '0')
      return Array.isArray(waiting) ? waiting.map(Number) : []
    }
  }
}

function keyOf(run: string): string {
  return `openapi-flow:run:${run}`
}

function isRunState(text: string | null | undefined): text is RunState {
  return text === 'running' || text === 'paused' || text === 'cancelled'
}

function stateOf(text: string | undefined): PartState {
  return text === 'running' || text === 'done' || text === 'failed' ? text : 'waiting'
}
