import type { RedisLink } from './redis-link.ts'
import { redisNames } from './redis-store.ts'
import type { Sealer } from './sealer.ts'
import { orWhenUnavailable } from './store-unavailable.ts'

/** A stretch of time, and the calls that fit into it, wherever it begins. */
export type RateWindow = { readonly calls: number; readonly ms: number }

/** What an API said of the calls that are left. */
export type Allowance = {
  readonly left: number
  /** Milliseconds for which there are no more. */
  readonly forMs: number
  /** Number of the permit of the call whose answer said so: those granted after it may not be counted. */
  readonly after: number
}

export type PermitRequest = {
  readonly windows: readonly RateWindow[]
  /** Milliseconds before which the call is not to be made. */
  readonly afterMs: number
  /** Milliseconds after which it comes too late: then no permit is granted. */
  readonly withinMs: number
  /** What the other replicas do not know yet. */
  readonly allowance: Allowance | null
  /** Permit that was granted before and is given back; null for none. */
  readonly instead: SharedPermit | null
}

/** Allows one call at one moment, among all replicas. */
export type SharedPermit = {
  readonly isGranted: boolean
  /** Milliseconds until its moment. */
  readonly waitMs: number
  /** Counts the permits that were granted under the key. */
  readonly number: number
  /** Microseconds since 1970, on the clock of Redis. */
  readonly moment: number
}

/** Rate limits that replicas keep together. */
export type SharedRateLimit = {
  /** Takes the next permit under a key; null when there is no answer. */
  take(key: string, request: PermitRequest): Promise<SharedPermit | null>
}

/**
 * Takes a permit in one step. Of a window those permits are remembered that are in it, of many the ones
 * that are close to each other as one, of the last of them. A clock that was set back opens nothing and
 * holds nothing up: what was remembered moves with it. All times are microseconds.
 *
 * ARGV: moment and number of the permit that is given back (0 for none); after, within; left (blank for
 * no allowance), for, after which permit; calls and length of each window.
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
local told = state.told
if told then told.ends = told.ends - back end
for _, log in ipairs(state.logs) do
  for _, entry in ipairs(log) do
    entry[1] = entry[1] - back
    entry[2] = entry[2] - back
  end
end

local left, ends, after = tonumber(ARGV[5]), now + tonumber(ARGV[6]), tonumber(ARGV[7])
if left and (left <= 0 or not told or told.ends <= now or after >= told.after) then
  told = { left = left - math.max(0, state.number - after), ends = ends, after = after }
end
if told and told.ends <= now then told = nil end
state.told = told

local windows = {}
for index = 8, #ARGV, 2 do
  windows[#windows + 1] = { calls = tonumber(ARGV[index]), length = tonumber(ARGV[index + 1]) }
end
local given = tonumber(ARGV[1])
for index = 1, #windows do
  local log = state.logs[index] or {}
  state.logs[index] = log
  for at = #log, 1, -1 do
    if given >= log[at][1] and given <= log[at][2] then
      log[at][3] = log[at][3] - 1
      if log[at][3] == 0 then table.remove(log, at) end
      break
    end
  end
end
if told and given < told.ends and tonumber(ARGV[2]) > told.after then
  told.left = told.left + 1
end

local due = now + tonumber(ARGV[3])
if told and told.left <= 0 then due = math.max(due, told.ends) end
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
  if told and due < told.ends then told.left = told.left - 1 end
end
local forgets = told and told.ends or now
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
  if log[1] then forgets = math.max(forgets, log[#log][2] + window.length) end
end
local life = math.max(1000, math.ceil((forgets - now) / 1000))
redis.call('SET', KEYS[1], cmsgpack.pack(state), 'PX', life)
return { isGranted and 1 or 0, due - now, state.number, due }`

/** Rate limits that are counted in Redis, on its clock. Who looks there sees numbers under a name. */
export function createSharedRateLimit(link: RedisLink, sealer: Sealer): SharedRateLimit {
  return {
    async take(key, { windows, afterMs, withinMs, allowance, instead }) {
      const [name] = redisNames(sealer, `rate:${key}`)
      const given = [
        instead?.moment ?? 0,
        instead?.number ?? 0,
        microseconds(afterMs),
        microseconds(withinMs),
        allowance?.left ?? '',
        microseconds(allowance?.forMs ?? 0),
        allowance?.after ?? 0,
        ...windows.flatMap(({ calls, ms }) => [calls, microseconds(ms)])
      ]
      const answer = link.write(redis => redis.eval(TAKE, 1, name, ...given))
      return readPermit(await orWhenUnavailable(answer, null))
    }
  }
}

function readPermit(answer: unknown): SharedPermit | null {
  const [isGranted, wait, number, moment] = Array.isArray(answer) ? answer.map(Number) : []
  if (wait === undefined || number === undefined || moment === undefined) return null
  return { isGranted: isGranted === 1, waitMs: wait / 1000, number, moment }
}

function microseconds(milliseconds: number): number {
  return Math.ceil(milliseconds * 1000)
}
