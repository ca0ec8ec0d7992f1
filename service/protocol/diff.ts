import type { Changes } from '../diff/change-list.ts'
import type { DiffRequest, DiffResponse, EngineValue } from './schemas.ts'

/**
 * The configuration values of one version of a document: its own, then the common ones, since the first of several
 * counts.
 */
export function versionValues(body: DiffRequest, version: 'old' | 'new'): readonly EngineValue[] {
  const given = body[version] ?? []
  const own =
    typeof given === 'string' ? [{ developerName: 'Schema URL', contentValue: given }] : given
  return [...own, ...(body.configurationValues ?? [])]
}

/** The answer of `/diff`, a `DiffResponse`. */
export function writeChanges({ list, breaking, others }: Changes): Buffer {
  const answer: DiffResponse = { breaking, others, changes: [...list] }
  return Buffer.from(JSON.stringify(answer))
}
