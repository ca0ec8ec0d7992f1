import type { Entry, EntryStore } from './entry.ts'
import { readEntry, writeEntry } from './entry.ts'
import type { RedisLink } from './redis-link.ts'
import type { Sealer } from './sealer.ts'
import { createValueSealer, SEALED_MAX_BYTES } from './sealed-value.ts'

/** The number is the version of the stored form. */
const PREFIX = 'openapi-flow:1:'

/** A key that is never set. Deleting it tests whether Redis accepts writes. */
const PROBE_KEY = `${PREFIX}nothing`

/** Digits before a sealed value: the time of its entry, which scripts compare as text. */
const MOMENT_DIGITS = 16

/** Sets a value unless a later one exists. */
const SET_UNLESS_LATER = `
if redis.call('GETRANGE', KEYS[1], 0, ${MOMENT_DIGITS - 1}) > string.sub(ARGV[1], 1, ${MOMENT_DIGITS}) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`

/** Takes a lock, or renews it, unless another holder has it. */
const CLAIM = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`

/** Releases a lock, unless another holder has it. */
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`

/**
 * Keeps entries in Redis so that others with access to it can neither read nor forge them. Keys are HMACs;
 * values are sealed and bound to their key and time. A value that does not open is ignored.
 */
export function createRedisStore(link: RedisLink, sealer: Sealer): EntryStore {
  const values = createValueSealer(sealer)

  const open = async (key: string, kept: Buffer): Promise<Entry | undefined> => {
    const moment = kept.toString('latin1', 0, MOMENT_DIGITS)
    const text = await values.open(kept.subarray(MOMENT_DIGITS), contextOf(key, moment))
    return text === undefined ? undefined : readEntry(text)
  }
  const remove = async (key: string): Promise<void> => {
    await link.free(redis => redis.unlink(...redisNames(sealer, key)))
  }
  return {
    async get(key, mustBeLatest) {
      // Entries from before the last key rotation have names under an older key.
      for (const name of redisNames(sealer, key)) {
        // Read a bounded range: others may have put a huge value there.
        const maxBytes = MOMENT_DIGITS + SEALED_MAX_BYTES
        const [kept] = await Promise.all([
          link.read(redis => redis.getrangeBuffer(name, 0, maxBytes)),
          mustBeLatest ? link.free(redis => redis.unlink(PROBE_KEY)) : null
        ])
        const entry = await open(key, kept)
        if (entry !== undefined) return entry
      }
      return undefined
    },
    async set(key, entry, remainingMs, rule) {
      const moment = String(entry.at).padStart(MOMENT_DIGITS, '0')
      const sealed =
        remainingMs > 0 ? await values.seal(writeEntry(entry), contextOf(key, moment)) : undefined
      if (sealed === undefined) {
        await remove(key)
        return true
      }
      const [name] = redisNames(sealer, key)
      const kept = Buffer.concat([Buffer.from(moment), sealed])
      try {
        const answer = await link.write(
          redis =>
            rule === 'always'
              ? redis.set(name, kept, 'PX', remainingMs)
              : redis.eval(SET_UNLESS_LATER, 1, name, kept, remainingMs),
          kept.length
        )
        return answer !== 0
      } catch (error) {
        // The old value must not outlive a new one that does not fit.
        if (link.state().state === 'full') await remove(key)
        throw error
      }
    },
    async claim(key, holder, ttlSeconds) {
      const [name] = redisNames(sealer, key)
      const [mark] = sealer.names(holder)
      const ms = Math.ceil(ttlSeconds * 1000)
      const answer = await link.write(redis => redis.eval(CLAIM, 1, name, mark, ms))
      return answer === 1
    },
    async release(key, holder) {
      const [name] = redisNames(sealer, key)
      const [mark] = sealer.names(holder)
      await link.free(redis => redis.eval(RELEASE, 1, name, mark))
    }
  }
}

/** The possible names of a key in Redis. The first is for new entries. */
export function redisNames(sealer: Sealer, key: string): readonly [string, ...string[]] {
  const [newest, ...older] = sealer.names(key)
  return [PREFIX + newest, ...older.map(name => PREFIX + name)]
}

function contextOf(key: string, moment: string): string {
  return `${PREFIX}${moment}:${key}`
}
