import { dictionary } from '../base/json.ts'
import type { ConfigurationValues } from '../operations/types.ts'
import type { EngineValue } from './schemas.ts'

/**
 * Configuration values by name without regard to case (protocol 3.2). A value that is absent, null
 * or blank is not set; of two that are set under one name the first counts.
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
  return set
}
