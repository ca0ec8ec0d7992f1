import type { Pointer } from '../base/json-pointer.ts'
import { follow } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, textMember } from '../base/json.ts'
import { nearest } from '../base/nearest.ts'
import type { Located } from '../document/resolve-reference.ts'
import { resolveReference } from '../document/resolve-reference.ts'
import type { ParsedDocument } from '../document/parse-document.ts'
import { suggestion } from '../errors.ts'
import type { Report } from './report.ts'
import { createReport } from './report.ts'

/** What every part of the compiler works on: the document, and where findings go. */
export type Compilation = {
  readonly root: JsonObject
  readonly documentUrl: string
  /** 3.0 writes `nullable` and ignores what stands beside a `$ref`; later versions do not. */
  readonly is30: boolean
  readonly report: Report
  /**
   * Follows references; undefined, and a finding, where they lead nowhere. A fault is found where
   * the reference stands.
   */
  resolve(value: JsonValue | undefined, at: Pointer): Located | undefined
  /** The same for what has to be an object; undefined without a finding when it is something else. */
  resolveObject(
    value: JsonValue | undefined,
    at: Pointer
  ): { readonly value: JsonObject; readonly at: Pointer } | undefined
}

/** Broken references that get a suggestion: each is compared with every component. */
const SUGGESTIONS_MAX = 100

export function createCompilation(document: ParsedDocument): Compilation {
  const report = createReport()
  const { root } = document
  const resolve: Compilation['resolve'] = (value, at) => {
    if (value === undefined) return undefined
    const found = resolveReference(root, value, at)
    if (!('code' in found)) return found
    report.add(found.code, at, { ref: found.ref, suggestion: suggestion(likely(found.ref)) })
    return undefined
  }
  const suggested = new Map<string, string | undefined>()
  /** The component of the same map that is most like what a reference names. */
  const likely = (ref: string): string | undefined => {
    const [, base, name] = /^(#\/components\/[^/]+\/)(.+)$/.exec(ref) ?? []
    if (base === undefined || name === undefined) return undefined
    if (!suggested.has(ref) && suggested.size < SUGGESTIONS_MAX) {
      const map = follow(root, base.slice(1, -1))
      const word = nearest(name, isJsonObject(map) ? Object.keys(map) : [])
      suggested.set(ref, word === undefined ? undefined : base + word)
    }
    return suggested.get(ref)
  }
  return {
    root,
    documentUrl: document.url,
    is30: textMember(root, 'openapi')?.startsWith('3.0') ?? false,
    report,
    resolve,
    resolveObject(value, at) {
      const found = resolve(value, at)
      return found !== undefined && isJsonObject(found.value)
        ? { value: found.value, at: found.at }
        : undefined
    }
  }
}
