import { hash, randomUUID } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import type { ConfigurationValues } from '../operations/types.ts'
import { readConfigurationValues } from '../protocol/configuration-values.ts'
import type { EngineValue } from '../protocol/schemas.ts'

/** Configurations that are kept, and the longest one, in UTF-16 units of its JSON. */
const KEPT_MAX = 1_000
const KEPT_LENGTH_MAX = 10_000

/** Makes the keys of kept configurations useless outside of this process. */
const SECRET = randomUUID()

const kept = new LRUCache<string, ConfigurationValues>({ max: KEPT_MAX })

/**
 * The configuration values of a request. Equal values mostly yield the same record, so that what depends on
 * them alone, such as credentials and base URLs, is kept beside it and computed once.
 */
export function knownConfiguration(
  values: readonly EngineValue[] | null | undefined
): ConfigurationValues {
  const text = JSON.stringify(values ?? [])
  if (text.length > KEPT_LENGTH_MAX) return readConfigurationValues(values)
  const key = hash('sha256', SECRET + text, 'base64')
  const known = kept.get(key)
  if (known !== undefined) return known
  const read = readConfigurationValues(values)
  kept.set(key, read)
  return read
}
