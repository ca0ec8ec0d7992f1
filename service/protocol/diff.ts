import { parseUrl } from '../base/parse-url.ts'
import type { Changes } from '../diff/change-list.ts'
import { readConfigurationValues } from './configuration-values.ts'
import type { DiffRequest, DiffResponse, EngineValue } from './schemas.ts'

/**
 * The configuration values of one version of a document: its own, then the common ones, since the first of several
 * counts. A version at another origin than the common document has no part in the common `Schema Token`.
 */
export function versionValues(body: DiffRequest, version: 'old' | 'new'): readonly EngineValue[] {
  const given = body[version] ?? []
  const own =
    typeof given === 'string' ? [{ developerName: 'Schema URL', contentValue: given }] : given
  const common = body.configurationValues ?? []
  return [...own, ...(isElsewhere(own, common) ? common.filter(each => !isToken(each)) : common)]
}

function isElsewhere(own: readonly EngineValue[], common: readonly EngineValue[]): boolean {
  const [origin, known] = [originOf(own), originOf(common)]
  return origin !== null && known !== null && origin !== 'null' && origin !== known
}

/** The origin of a Schema URL, `null` for one of no host; null for none. */
function originOf(values: readonly EngineValue[]): string | null {
  const { 'schema url': location } = readConfigurationValues(values)
  return location === undefined ? null : (parseUrl(location)?.origin ?? 'null')
}

function isToken({ developerName }: EngineValue): boolean {
  return developerName?.trim().toLowerCase() === 'schema token'
}

/** The answer of `/diff`, a `DiffResponse`. */
export function writeChanges({ list, breaking, others }: Changes): Buffer {
  const answer: DiffResponse = { breaking, others, changes: [...list] }
  return Buffer.from(JSON.stringify(answer))
}
