import { hash, randomUUID } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import { dictionary } from '../base/json.ts'
import type { ConfigurationValues } from '../operations/types.ts'
import type { EngineValue } from './schemas.ts'

/** Configurations that are kept, and the longest one, in UTF-16 units of its JSON. */
const KEPT_MAX = 1_000
const KEPT_LENGTH_MAX = 10_000

/** Makes the keys of kept configurations useless outside of this process. */
const SECRET = randomUUID()

const NONE: ConfigurationValues = Object.freeze(dictionary<string>())

const kept = new LRUCache<string, ConfigurationValues>({ max: KEPT_MAX })

/**
 * Configuration values by name in lower case. Null and blank values are dropped. The first of several
 * values with the same name wins.
 *
 * The same values mostly yield the same record, so that what depends on them alone can be kept beside it.
 */
export function readConfigurationValues(
  values: readonly EngineValue[] | null | undefined
): ConfigurationValues {
  if (values == null || values.length === 0) return NONE
  const text = JSON.stringify(values)
  if (text.length > KEPT_LENGTH_MAX) return readAnew(values)
  const key = hash('sha256', SECRET + text, 'base64')
  const known = kept.get(key)
  if (known !== undefined) return known
  const read = readAnew(values)
  kept.set(key, read)
  return read
}

function readAnew(values: readonly EngineValue[]): ConfigurationValues {
  const set = dictionary<string>()
  for (const { developerName, contentValue } of values) {
    const name = developerName?.trim().toLowerCase() ?? ''
    if (name === '' || name in set || contentValue == null || contentValue.trim() === '') continue
    set[name] = contentValue
  }
  return Object.freeze(set)
}
