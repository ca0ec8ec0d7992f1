import type { Pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, textMember } from '../base/json.ts'
import { nearest } from '../base/nearest.ts'
import type { Links, ReferenceRefusal } from '../parse/links.ts'
import { splitLocation } from '../parse/links.ts'
import type { Located } from '../parse/resolve-reference.ts'
import { createResolver } from '../parse/resolve-reference.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { suggestion } from '../errors.ts'
import type { Report } from './report.ts'
import { createReport } from './report.ts'

/** A document that is referred to, and where its root stands. */
export type PartTree = Located & { readonly url: string }

/** What every part of the compiler works on: the document, and where diagnostics go. */
export type Compilation = {
  readonly root: JsonObject
  readonly documentUrl: string
  /** The other documents that are referred to. */
  readonly parts: readonly PartTree[]
  /** 3.0 writes `nullable` and ignores what stands beside a `$ref`; later versions do not. */
  readonly is30: boolean
  readonly report: Report
  /**
   * Follows references; undefined, and a diagnostic, where they lead nowhere. A fault is found where
   * the reference stands.
   */
  resolve(value: JsonValue | undefined, at: Pointer): Located | undefined
  /** The same without a diagnostic. */
  peek(value: JsonValue, at: Pointer): Located | undefined
  /** Follows references to what has to be an object; undefined without a diagnostic when it is something else. */
  resolveObject(
    value: JsonValue | undefined,
    at: Pointer
  ): { readonly value: JsonObject; readonly at: Pointer } | undefined
  /** The other document that a place is in; undefined for one in the document itself. */
  partAt(at: Pointer): PartTree | undefined
  /** ` (did you mean "x"?)` for the known word that is most like the given one, blank for none. */
  suggest(given: string, known: () => Iterable<string>): string
  /**
   * Counts what is made of the document: looks into schemas, and records of which many may come of one
   * part of the document. What it is false for is left out.
   *
   * @param share Of everything, what may have been made by then, so that something is left for what
   *   comes later. Default 1.
   * @returns Whether so much more may be made.
   */
  afford(count: number, share?: number): boolean
  /** Whether something could not be afforded. */
  isCut(): boolean
  /** The place that the text of a reference means, without a diagnostic where it means none. */
  locate(ref: string, at: Pointer): Pointer | undefined
}

/** Suggestions that are made: for each a word is compared with every one that is known. */
const SUGGESTIONS_MAX = 100

/** What `afford` counts to: several times what comes of the largest real documents. */
const MADE_MAX = 500_000

export function createCompilation(document: ParsedDocument): Compilation {
  const report = createReport()
  const { root, links } = document
  const resolver = createResolver(document)
  const resolve: Compilation['resolve'] = (value, at) => {
    if (value === undefined) return undefined
    const found = resolver.resolve(value, at)
    if (!('code' in found)) return found
    const ref = shownReference(found.ref)
    switch (found.code) {
      case 'REF_UNRESOLVED':
        report.add(found.code, found.at, {
          ref,
          suggestion: suggestion(likely(found.ref, found.at))
        })
        break
      case 'REF_CYCLE':
        report.add(found.code, found.at, { ref })
        break
      case 'REF_LIMIT':
        // Reported once, for all references.
        break
      default:
        reportRefusal(found, ref, report)
    }
    return undefined
  }
  let made = 0
  let isCut = false
  let suggestions = 0
  const suggested = new Map<string, string | undefined>()
  const closest = (given: string, known: () => Iterable<string>): string | undefined =>
    suggestions++ < SUGGESTIONS_MAX ? nearest(given, known()) : undefined
  /** The definition at the same place that is most like what a reference names. */
  const likely = (ref: string, at: Pointer): string | undefined => {
    const end = ref.lastIndexOf('/')
    const base = ref.slice(0, Math.max(0, end))
    if (!base.includes('#')) return undefined
    const key = `${splitLocation(at).name} ${ref}`
    if (!suggested.has(key)) {
      const word = closest(ref.slice(end + 1), () => {
        const map = resolver.resolve({ $ref: base }, at)
        return 'code' in map || !isJsonObject(map.value) ? [] : Object.keys(map.value)
      })
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
    suggest: (given, known) => suggestion(closest(given, known)),
    afford(count, share = 1) {
      made += count
      const isAfforded = made <= MADE_MAX * share
      isCut ||= !isAfforded
      return isAfforded
    },
    isCut: () => isCut,
    partAt: at => parts.get(splitLocation(at).name),
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
      else reportRefusal(target, shownReference(ref), report)
    }
  }
  const [first] = past
  if (first !== undefined)
    report.add('REF_LIMIT', first.at, { count: past.length, rule: first.limit })
}

function reportRefusal(
  refusal: Exclude<ReferenceRefusal, { code: 'REF_LIMIT' }> & { readonly at: Pointer },
  ref: string,
  report: Report
): void {
  const { code, at } = refusal
  if (code === 'REF_NOT_ALLOWED') report.add(code, at)
  else report.add(code, at, { ref, reason: refusal.reason, problem: refusal.problem })
}

/** A reference without the query of its URL, in which people put secrets. */
function shownReference(ref: string): string {
  return ref.replace(/^([^#?]*)\?[^#]*/, '$1')
}
