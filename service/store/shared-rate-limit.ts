import type { RedisLink } from './redis-link.ts'
import { redisNames } from './redis-store.ts'
import type { Sealer } from './sealer.ts'
import { orWhenUnavailable, StoreUnavailable } from './entry.ts'

/** At most `calls` in any `ms` milliseconds (a sliding window). */
export type RateWindow = { readonly calls: number; readonly ms: number }

/** Remaining calls as an API reported them. */
export type Allowance = {
  readonly left: number
  /** Milliseconds until the quota resets. */
  readonly forMs: number
  /** Number of the permit whose call was answered so. The API may not have counted later ones. */
  readonly after: number
}

export type PermitRequest = {
  readonly windows: readonly RateWindow[]
  /** Earliest time of the call, in milliseconds from now. */
  readonly afterMs: number
  /** Latest useful time of the call, in milliseconds from now; no permit is granted for later. */
  readonly withinMs: number
  /** Report of the API that is not shared yet. */
  readonly allowance: Allowance | null
  /** An earlier permit to return. */
  readonly instead: SharedPermit | null
}

/** Permission for one call at one moment. */
export type SharedPermit = {
  readonly isGranted: boolean
  /** Milliseconds from the request until it was sent to Redis. */
  readonly heldMs: number
  /** Milliseconds until its moment. */
  readonly waitMs: number
  /** Number of the permit under its key, counting up. */
  readonly number: number
  /** Microseconds since 1970 on the clock of Redis. */
  readonly moment: number
}

/** Rate limits shared among replicas. */
export type SharedRateLimit = {
  /** Takes the next permit of a key; null when Redis is unavailable. */
  take(key: string, request: PermitRequest): Promise<SharedPermit | null>
}

/**
 * Takes a permit atomically. Each window keeps a log of its permits; in windows of more than 100 calls,
 * permits close together share an entry. If the clock was set back, the logs are shifted with it. All times
 * are microseconds.
 *
 * ARGV: moment and number of the returned permit (0 for none); earliest and latest time; of the allowance
 * its calls left (blank for none), time until reset and permit number; calls and length of each window.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local kept = redis.call('GET', KEYS[1])
local isRead, state = pcall(cmsgpack.unpack, kept or '')
if not isRead or type(state) ~= 'table' or not state.logs then
  state = { seen = now, number = 0, logs = {} }
end

local back = math.max(0, state.seen - now)
state.seen = now
local allowance = state.told
if allowance then allowance.ends = allowance.ends - back end
for _, log in ipairs(state.logs) do
  for _, entry in ipairs(log) do
    entry[1] = entry[1] - back
    entry[2] = entry[2] - back
  end
end

local left, ends, after = tonumber(ARGV[5]), now + tonumber(ARGV[6]), tonumber(ARGV[7])
if left and (left <= 0 or not allowance or allowance.ends <= now or after >= allowance.after) then
  allowance = { left = left - math.max(0, state.number - after), ends = ends, after = after }
end
if allowance and allowance.ends <= now then allowance = nil end
state.told = allowance

local windows = {}
for index = 8, #ARGV, 2 do
  windows[#windows + 1] = { calls = tonumber(ARGV[index]), length = tonumber(ARGV[index + 1]) }
end
local returned = tonumber(ARGV[1])
for index = 1, #windows do
  local log = state.logs[index] or {}
  state.logs[index] = log
  for at = #log, 1, -1 do
    if returned >= log[at][1] and returned <= log[at][2] then
      log[at][3] = log[at][3] - 1
      if log[at][3] == 0 then table.remove(log, at) end
      break
    end
  end
end
if allowance and returned < allowance.ends and tonumber(ARGV[2]) > allowance.after then
  allowance.left = allowance.left + 1
end

local due = now + tonumber(ARGV[3])
if allowance and allowance.left <= 0 then due = math.max(due, allowance.ends) end
for index, window in ipairs(windows) do
  local log = state.logs[index]
  local later = 0
  for at = #log, 1, -1 do
    due = math.max(due, log[at][2])
    later = later + log[at][3]
    if later >= window.calls then
      due = math.max(due, log[at][2] + window.length)
      break
    end
  end
end

local isGranted = due - now <= tonumber(ARGV[4])
if isGranted then
  state.number = state.number + 1
  if allowance and due < allowance.ends then allowance.left = allowance.left - 1 end
end
local expiresAt = allowance and allowance.ends or now
for index, window in ipairs(windows) do
  local log = state.logs[index]
  if isGranted then
    while log[1] and log[1][2] <= now - window.length do table.remove(log, 1) end
    local grain = window.calls > 100 and window.length / 100 or 0
    local entry = log[#log]
    if entry and due - entry[1] < grain then
      entry[2] = due
      entry[3] = entry[3] + 1
    else
      log[#log + 1] = { due, due, 1 }
    end
  end
  if log[1] then expiresAt = math.max(expiresAt, log[#log][2] + window.length) end
end
local life = math.max(1000, math.ceil((expiresAt - now) / 1000))
redis.call('SET', KEYS[1], cmsgpack.pack(state), 'PX', life)
return { isGranted and 1 or 0, due - now, state.number, due }`

/** Counts in Redis, on its clock. Keys are HMACs. */
export function createSharedRateLimit(link: RedisLink, sealer: Sealer): SharedRateLimit {
  const permits = createPermits(link, sealer)
  return { take: (key, request) => orWhenUnavailable(permits.take(key, request), null) }
}

/** What gives permits; the rate limit that says why there is none. */
export type Permits = {
  /** @throws StoreUnavailable when Redis is unavailable. */
  take(key: string, request: PermitRequest): Promise<SharedPermit>
}

/** As `createSharedRateLimit`. */
export function createPermits(link: RedisLink, sealer: Sealer): Permits {
  return {
    async take(key, { windows, afterMs, withinMs, allowance, instead }) {
      const [name] = redisNames(sealer, `rate:${key}`)
      const args = [
        instead?.moment ?? 0,
        instead?.number ?? 0,
        microseconds(afterMs),
        microseconds(withinMs),
        allowance?.left ?? '',
        microseconds(allowance?.forMs ?? 0),
        allowance?.after ?? 0,
        ...windows.flatMap(({ calls, ms }) => [calls, microseconds(ms)])
      ]
      return readPermit(await link.write(redis => redis.eval(TAKE, 1, name, ...args)))
    }
  }
}

function readPermit(answer: unknown): SharedPermit {
  const [isGranted, wait, number, moment] = Array.isArray(answer) ? answer.map(Number) : []
  if (wait === undefined || number === undefined || moment === undefined) {
    throw new StoreUnavailable('ERR')
  }
  return { isGranted: isGranted === 1, heldMs: 0, waitMs: wait / 1000, number, moment }
}

function microseconds(milliseconds: number): number {
  return Math.ceil(milliseconds * 1000)
}
