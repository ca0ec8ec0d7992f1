import type { IdentityRecord, TypeRecord } from '../model/type-record.ts'
import type { ChangePlace, ReportChange } from './change-list.ts'
import type { TypePair } from './compare-properties.ts'
import { compareProperties } from './compare-properties.ts'
import type { Versions } from './compared-model.ts'
import { nameNow } from './compared-model.ts'
import { rootOf } from './find-renamed-types.ts'

/** Compares a type of the older version, without its mappings. @returns Both; undefined if it is gone. */
export function compareType(
  versions: Versions,
  name: string,
  report: ReportChange
): TypePair | undefined {
  const { old, now, before } = versions
  const was = old.types.get(name)
  const is = now.types.get(nameNow(versions, name))
  if (was === undefined) return undefined
  if (is === undefined) {
    // A derived type goes without a word with the named one that it belongs to.
    const root = rootOf(name, before)
    const isOwnLoss = root === name || now.types.get(nameNow(versions, root)) !== undefined
    if (isOwnLoss) report('TYPE_REMOVED', { type: name }, placeOf('old', was, name))
    return undefined
  }
  const place = placeOf('new', is, name)
  if (is.name !== name && rootOf(name, before) === name) {
    report('TYPE_RENAMED', { type: name, now: is.name }, place)
  }
  compareProperties(versions, { was, is }, report)
  const [wasId, isId] = [idWords(was.identity), idWords(is.identity)]
  if (was.form === 'object' && wasId !== null && wasId !== isId) {
    report('IDENTITY_CHANGED', { type: name, before: wasId, now: isId ?? 'generated' }, place)
  }
  return { was, is }
}

/** Reports a type that the older version does not have, with which those derived from it come without a word. */
export function reportAdded(versions: Versions, name: string, report: ReportChange): void {
  const { now, before, after, newNames } = versions
  const type = now.types.get(name)
  if (type === undefined || before.has(name) || newNames.has(name)) return
  const root = rootOf(name, after)
  const isNewRoot = !before.has(root) && !newNames.has(root)
  if (root !== name && isNewRoot) return
  report('TYPE_ADDED', { type: name }, placeOf('new', type, name))
}

function placeOf(
  version: ChangePlace['version'],
  { pointer }: TypeRecord,
  type: string
): ChangePlace {
  return { version, pointer, type, property: null, mapping: null }
}

/** What is tried first for an external id; null where it is generated, so that nothing can rely on it. */
function idWords({ composite, candidates }: IdentityRecord): string | null {
  if (composite !== null) return composite.map(({ path }) => `"${path.join('.')}"`).join(' and ')
  const [first] = candidates
  return first === undefined ? null : `"${first.join('.')}"`
}
