import type { Pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, textMember } from '../base/json.ts'
import { nearest } from '../base/nearest.ts'
import type { Links } from '../document/links.ts'
import { splitPlace } from '../document/links.ts'
import type { Located } from '../document/resolve-reference.ts'
import { createResolver } from '../document/resolve-reference.ts'
import type { ParsedDocument } from '../document/parse-document.ts'
import { suggestion } from '../errors.ts'
import type { Report } from './report.ts'
import { createReport } from './report.ts'

/** A document that is referred to, and where its root stands. */
export type PartTree = Located & { readonly url: string }

/** What every part of the compiler works on: the document, and where findings go. */
export type Compilation = {
  readonly root: JsonObject
  readonly documentUrl: string
  /** The other documents that are referred to. */
  readonly parts: readonly PartTree[]
  /** 3.0 writes `nullable` and ignores what stands beside a `$ref`; later versions do not. */
  readonly is30: boolean
  readonly report: Report
  /**
   * Follows references; undefined, and a finding, where they lead nowhere. A fault is found where
   * the reference stands.
   */
  resolve(value: JsonValue | undefined, at: Pointer): Located | undefined
  /** The same without a finding. */
  peek(value: JsonValue, at: Pointer): Located | undefined
  /** Follows references to what has to be an object; undefined without a finding when it is something else. */
  resolveObject(
    value: JsonValue | undefined,
    at: Pointer
  ): { readonly value: JsonObject; readonly at: Pointer } | undefined
  /** The other document that a place is in; undefined for one in the document itself. */
  partAt(at: Pointer): PartTree | undefined
  /** The place that the text of a reference means, without a finding where it means none. */
  locate(ref: string, at: Pointer): Pointer | undefined
}

/** Broken references that get a suggestion: each is compared with every definition beside it. */
const SUGGESTIONS_MAX = 100

export function createCompilation(document: ParsedDocument): Compilation {
  const report = createReport()
  const { root, links } = document
  const resolver = createResolver(document)
  const resolve: Compilation['resolve'] = (value, at) => {
    if (value === undefined) return undefined
    const found = resolver.resolve(value, at)
    if (!('code' in found)) return found
    // What a limit left out is said once, for all references.
    if (found.code === 'REF_LIMIT') return undefined
    report.add(found.code, found.at, {
      ref: shownReference(found.ref),
      reason: found.code === 'REF_UNREADABLE' ? found.reason : '',
      suggestion: found.code === 'REF_UNRESOLVED' ? suggestion(likely(found.ref, found.at)) : ''
    })
    return undefined
  }
  const suggested = new Map<string, string | undefined>()
  /** The definition at the same place that is most like what a reference names. */
  const likely = (ref: string, at: Pointer): string | undefined => {
    const [, base, name] = /^(.*#.*)\/([^/]+)$/s.exec(ref) ?? []
    if (base === undefined || name === undefined) return undefined
    const key = `${splitPlace(at).name} ${ref}`
    if (!suggested.has(key) && suggested.size < SUGGESTIONS_MAX) {
      const map = resolver.resolve({ $ref: base }, at)
      const known = 'code' in map || !isJsonObject(map.value) ? [] : Object.keys(map.value)
      const word = nearest(name, known)
      suggested.set(key, word === undefined ? undefined : `${base}/${word}`)
    }
    return suggested.get(key)
  }
  reportRefused(links, report)
  const parts = new Map(
    links.parts.map(({ name, root, url }) => [name, { value: root, at: `${name}#`, url }])
  )
  return {
    root,
    documentUrl: document.url,
    parts: [...parts.values()],
    is30: textMember(root, 'openapi')?.startsWith('3.0') ?? false,
    report,
    resolve,
    peek(value, at) {
      const found = resolver.resolve(value, at)
      return 'code' in found ? undefined : found
    },
    resolveObject(value, at) {
      const found = resolve(value, at)
      return found !== undefined && isJsonObject(found.value)
        ? { value: found.value, at: found.at }
        : undefined
    },
    partAt: at => parts.get(splitPlace(at).name),
    locate(ref, at) {
      const place = resolver.locate(ref, at)
      return typeof place === 'string' ? place : undefined
    }
  }
}

/** Says which other documents cannot be read, at the first reference to each. */
function reportRefused({ targets }: Links, report: Report): void {
  const past: { at: Pointer; limit: string }[] = []
  for (const references of targets) {
    for (const [ref, target] of references) {
      if (typeof target === 'number') continue
      if (target.code === 'REF_LIMIT') past.push(target)
      else if (target.code === 'REF_NOT_ALLOWED') report.add(target.code, target.at)
      else report.add(target.code, target.at, { ref: shownReference(ref), reason: target.reason })
    }
  }
  const [first] = past
  if (first !== undefined)
    report.add('REF_LIMIT', first.at, { count: past.length, rule: first.limit })
}

/** A reference without the query of its URL, in which people put secrets. */
function shownReference(ref: string): string {
  return ref.replace(/^([^#?]*)\?[^#]*/, '$1')
}
