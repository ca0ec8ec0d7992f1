import { dictionary } from '../base/json.ts'
import type { ConfigurationValues } from '../operations/types.ts'
import type { EngineValue } from './schemas.ts'

/**
 * Configuration values by name in lower case. Null and blank values are dropped. The first of several
 * values with the same name wins.
 */
export function readConfigurationValues(
  values: readonly EngineValue[] | null | undefined
): ConfigurationValues {
  const set = dictionary<string>()
  for (const { developerName, contentValue } of values ?? []) {
    const name = developerName?.trim().toLowerCase() ?? ''
    if (name === '' || name in set || contentValue == null || contentValue.trim() === '') continue
    set[name] = contentValue
  }
  return Object.freeze(set)
}
