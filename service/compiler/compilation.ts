import type { Pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonObject, textMember } from '../base/json.ts'
import { nearest } from '../base/nearest.ts'
import { percentDecoded } from '../base/percent-encoding.ts'
import type { MappingOrigin, Responses } from '../model/mapping-record.ts'
import { ANNOTATED, OVERLAID } from '../model/mapping-record.ts'
import type { Links, ReferenceRefusal } from '../parse/links.ts'
import { splitLocation } from '../parse/links.ts'
import type { Located } from '../parse/resolve-reference.ts'
import { createResolver } from '../parse/resolve-reference.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { suggestion } from '../errors.ts'
import type { Report } from './report.ts'
import { createReport } from './report.ts'

/** Another document, with the pointer of its root. */
export type PartTree = Located & { readonly url: string }

/** The document that is compiled, and its diagnostics; passed to every part of the compiler. */
export type Compilation = {
  readonly root: JsonObject
  readonly responses: Responses
  readonly documentUrl: string
  /** Other documents that it refers to. */
  readonly parts: readonly PartTree[]
  /** OpenAPI 3.0 has `nullable`, and ignores siblings of a `$ref`; later versions do not. */
  readonly is30: boolean
  readonly report: Report
  /** Follows references; undefined, with a diagnostic at the reference, where they lead nowhere. */
  resolve(value: JsonValue | undefined, at: Pointer): Located | undefined
  /** `resolve` without diagnostics. */
  peek(value: JsonValue, at: Pointer): Located | undefined
  /** Follows references to an object; undefined, without a diagnostic, for any other value. */
  resolveObject(
    value: JsonValue | undefined,
    at: Pointer
  ): { readonly value: JsonObject; readonly at: Pointer } | undefined
  /** Where a mapping comes from, by the pointer of its key. */
  originOf(at: Pointer): MappingOrigin
  /** The other document that a pointer is in; undefined for the document itself. */
  partAt(at: Pointer): PartTree | undefined
  /** ` (did you mean "x"?)` for the known word nearest to the given one; blank for none. */
  suggest(given: string, known: () => Iterable<string>): string
  /**
   * Bounds the work on a document: counts resolved schemas, and records that a small part of a document
   * may multiply. The caller leaves out what it cannot afford.
   *
   * @param share Share of everything affordable that may be used by then. Default 1.
   * @returns Whether `count` more is affordable.
   */
  afford(count: number, share?: number): boolean
  /** Whether something could not be afforded. */
  isCut(): boolean
  /** The pointer that a reference means; undefined, without a diagnostic, for none. */
  locate(ref: string, at: Pointer): Pointer | undefined
  /** Reports a `$dynamicRef` that may mean several schemas, of which the first is used. */
  judgeDynamic(ref: string, at: Pointer): void
}

/** Most suggestions, because each compares a word with all known ones. */
const SUGGESTIONS_MAX = 100

/** Limit of `afford`: several times the need of the largest real documents. */
const AFFORDED_MAX = 500_000

/** @param origins Of inferred mappings, by the pointers of their keys. */
export function createCompilation(
  document: ParsedDocument,
  responses: Responses = 'live',
  origins: ReadonlyMap<Pointer, MappingOrigin> = new Map()
): Compilation {
  const report = createReport()
  const { root, links, origin } = document
  for (const note of origin.notes) report.addNote(note)
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
        // Reported once for all references.
        break
      default:
        reportRefusal(found, ref, report)
    }
    return undefined
  }
  let used = 0
  let isCut = false
  let suggestions = 0
  const suggested = new Map<string, string | undefined>()
  const closest = (given: string, known: () => Iterable<string>): string | undefined =>
    suggestions++ < SUGGESTIONS_MAX ? nearest(given, known()) : undefined
  /** The definition in the same map with the nearest name. */
  const likely = (ref: string, at: Pointer): string | undefined => {
    const end = ref.lastIndexOf('/')
    const base = ref.slice(0, Math.max(0, end))
    if (!base.includes('#')) return undefined
    const key = `${splitLocation(at).name} ${ref}`
    if (!suggested.has(key)) {
      const word = closest(fromFragment(ref.slice(end + 1)), () => {
        const map = resolver.resolve({ $ref: base }, at)
        return 'code' in map || !isJsonObject(map.value) ? [] : Object.keys(map.value)
      })
      suggested.set(key, word === undefined ? undefined : `${base}/${inFragment(word)}`)
    }
    return suggested.get(key)
  }
  reportRefused(links, report)
  const parts = new Map(
    links.parts.map(({ name, root, url }) => [name, { value: root, at: `${name}#`, url }])
  )
  return {
    root,
    responses,
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
      used += count
      const isAfforded = used <= AFFORDED_MAX * share
      isCut ||= !isAfforded
      return isAfforded
    },
    isCut: () => isCut,
    originOf(at) {
      const inferred = origins.get(at)
      if (inferred !== undefined) return inferred
      const isOwn = splitLocation(at).name === ''
      return isOwn && splitLocation(origin.originOf(at)).name !== '' ? OVERLAID : ANNOTATED
    },
    partAt: at => parts.get(splitLocation(at).name),
    judgeDynamic(ref, at) {
      const count = resolver.dynamicTargets(ref, at)
      if (count > 1) report.add('REF_DYNAMIC', at, { ref, count })
    },
    locate(ref, at) {
      const target = resolver.locate(ref, at)
      return typeof target === 'string' ? target : undefined
    }
  }
}

/** Reports the other documents that cannot be read, each at the first reference to it. */
function reportRefused({ targets }: Links, report: Report): void {
  const refused: { at: Pointer; limit: string }[] = []
  for (const references of targets) {
    for (const [ref, target] of references) {
      if (typeof target === 'number') continue
      if (target.code === 'REF_LIMIT') refused.push(target)
      else reportRefusal(target, shownReference(ref), report)
    }
  }
  const [first] = refused
  if (first === undefined) return
  report.add('REF_LIMIT', first.at, { count: refused.length, rule: first.limit })
}

/** A place where an example refers to another document. */
const IN_EXAMPLE = /\/example$|\/examples\/[^/]+(?:\/(?:value|externalValue))?$/

function reportRefusal(
  refusal: Exclude<ReferenceRefusal, { code: 'REF_LIMIT' }> & { readonly at: Pointer },
  ref: string,
  report: Report
): void {
  const { code, at } = refusal
  if (IN_EXAMPLE.test(at)) {
    const reason = 'the document that it refers to cannot be read'
    report.add('EXAMPLE_UNREADABLE', at, { reason })
    return
  }
  if (code === 'REF_NOT_ALLOWED') report.add(code, at)
  else report.add(code, at, { ref, reason: refusal.reason, problem: refusal.problem })
}

/** The name that a part of a pointer in a fragment means; itself where it is not encoded right. */
function fromFragment(part: string): string {
  return percentDecoded(part)?.replaceAll('~1', '/').replaceAll('~0', '~') ?? part
}

/** A name as a part of a pointer in a fragment (RFC 6901 3, 6). */
function inFragment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('%', '%25')
}

/** A reference without the query of its URL, which may have secrets. */
function shownReference(ref: string): string {
  return ref.replace(/^([^#?]*)\?[^#]*/, '$1')
}
