import type { Pointer } from '../base/json-pointer.ts'
import { pointer, pointerParts } from '../base/json-pointer.ts'
import type { JsonObject } from '../base/json.ts'
import { nearest } from '../base/nearest.ts'
import { suggestion } from '../errors.ts'
import type { ExtendedObject } from '../parse/extensions.ts'
import { extensions, misfit } from '../parse/extensions.ts'
import { splitLocation } from '../parse/links.ts'
import { walkDocument } from '../parse/walk-document.ts'
import type { Compilation } from './compilation.ts'
import { lintMembers } from './lint-members.ts'

/** Keys whose form is checked where the model reads them. */
const READ_BY_MODEL = /^x-flow-(type|load|query|save|update|delete)$/

/**
 * Checks every `x-flow` key of a document. Unknown keys, misplaced keys, and unknown members of known
 * keys are warnings that suggest the nearest known word. Unknown keys are information where the document has no
 * known one, as they may be another product's.
 *
 * @param schemas Where schemas with keys of types were found; these keys are ignored anywhere else.
 */
export function lintExtensions(compilation: Compilation, schemas: ReadonlySet<Pointer>): void {
  const { root, parts, report } = compilation
  const unknown: { readonly key: string; readonly at: Pointer }[] = []
  let hasKnown = false
  for (const tree of [{ value: root, at: '' }, ...parts]) {
    walkDocument(tree.value, tree.at, (value, at) => {
      for (const key of Object.keys(value)) {
        if (!/^x-flow/i.test(key)) continue
        if (lintKey(compilation, value, key, at, schemas)) hasKnown = true
        else unknown.push({ key, at: pointer(at, key) })
      }
    })
  }
  for (const { key, at } of unknown) {
    // What all keys have in common makes none of them likely.
    const word = nearest(bare(key), Object.keys(extensions).map(bare))
    const hint = suggestion(word === undefined ? undefined : `x-flow-${word}`)
    const holes = { given: key, suggestion: hint }
    report.add(hasKnown ? 'EXTENSION_UNKNOWN' : 'EXTENSION_FOREIGN', at, holes)
  }
}

/** A key without `x-flow-`. */
function bare(key: string): string {
  return key.replace(/^x-flow-?/i, '')
}

/** @returns False for a key that is none of the connector's. */
function lintKey(
  compilation: Compilation,
  holder: JsonObject,
  key: string,
  at: Pointer,
  schemas: ReadonlySet<Pointer>
): boolean {
  const { report } = compilation
  const entry = Object.hasOwn(extensions, key) ? extensions[key] : undefined
  const value = holder[key]
  if (entry === undefined || value === undefined) return false
  const isOfType = READ_BY_MODEL.test(key)
  const location = isOfType && schemas.has(at) ? 'schema' : locationOf(at, holder)
  // In another document it depends on the reference.
  const isPart = splitLocation(at).name !== ''
  if (
    !isPart &&
    (location === undefined || !entry.extends.includes(location) || (isOfType && !schemas.has(at)))
  ) {
    const holes = { given: key, place: entry.extends.join(' or ') }
    report.add('EXTENSION_MISPLACED', pointer(at, key), holes)
    return true
  }
  const reason = isOfType ? undefined : misfit(entry.schema, value)?.reason
  if (reason !== undefined) {
    report.add('EXTENSION_MALFORMED', pointer(at, key), { key, reason, section: entry.section })
  }
  lintMembers({ ...compilation, nameAt: () => key }, entry.schema, value, pointer(at, key))
  return true
}

/** The kind of object that has a key, by its pointer; undefined where no key is allowed. */
function locationOf(at: Pointer, holder: JsonObject): ExtendedObject | undefined {
  const parts = pointerParts(at) ?? []
  const [first, second] = parts
  if (parts.length === 0) return 'document'
  const isMisplaced = second === 'schemas' && parts[2] === 'securitySchemes' && parts.length === 4
  const isScheme = second === 'securitySchemes' && parts.length === 3
  if (first === 'components' && (isScheme || isMisplaced)) return 'security scheme'
  const item = first === 'components' && second === 'pathItems' ? 1 : 0
  if (first === 'paths' || item === 1) {
    const depth = parts.length - item
    if (depth === 2 || depth === 3) return 'operation'
    if (depth === 4 && parts[2 + item] === 'additionalOperations') return 'operation'
  }
  const isComponent = first === 'components' && second === 'schemas' && parts.length > 2
  if (isComponent || parts.includes('schema') || parts.includes('itemSchema')) return 'schema'
  const isParameter = typeof holder.in === 'string' && typeof holder.name === 'string'
  return isParameter ? 'parameter' : undefined
}
