import { bareUrl } from '../base/bare-url.ts'
import type { Pointer } from '../base/json-pointer.ts'
import { pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonObject, member, textMember } from '../base/json.ts'
import { parseUrl } from '../base/parse-url.ts'
import { countMarks } from './check-tree.ts'
import type { DocumentPart, ReferenceRefusal, ReferenceTarget, UrlTarget } from './links.ts'
import { TOO_MANY_PARTS } from './links.ts'
import type { ParsedDocument } from './parse-document.ts'
import { walkDocument } from './walk-document.ts'

/** The root document or a part, parsed. */
export type ParsedText = {
  /** Base URL of its relative references. */
  readonly base: string
  readonly text: string
  readonly root: JsonValue
}

/** The external references of a text, and its share of the limits on a document with its parts. */
export type Outline = {
  /** The other documents, absolute and without fragment, in the order of the references. */
  readonly urls: readonly string[]
  readonly bytes: number
  /** Upper bound on the number of values. */
  readonly values: number
}

/** The URL of a reference without fragment, or why it is refused, and where it first appears. */
type ExternalReference = { readonly url: string | ReferenceRefusal; readonly at: Pointer }

/** External references resolved per document and part. */
const REFERENCES_MAX = 1_000

const NOT_ALLOWED: ReferenceRefusal = { code: 'REF_NOT_ALLOWED' }

/** A `$ref`, in JSON or YAML, whose value does not begin with `#`, or an `externalValue`. */
const EXTERNAL_REF = /(?:\$ref|externalValue)["']?\s*:(?!\s*["']?#)/

/** Whether a document may have external references: a cheap scan that saves most documents the walk. */
export function mayReferOut({ text, origin }: ParsedDocument): boolean {
  return [text, ...origin.overlays.map(overlay => overlay.text)].some(each =>
    EXTERNAL_REF.test(each)
  )
}

/**
 * Lists the external references of a text that are allowed.
 *
 * @param rootBase `base` of the root document.
 */
export function outlineOf(parsed: ParsedText, rootBase: string): Outline {
  const own = rootTargets(rootBase)
  const references = [...resolveExternal(parsed, '', rootBase).values()]
  const urls = references.flatMap(({ url }) => (typeof url === 'string' ? [url] : []))
  const self = selfOf(parsed)
  return {
    urls: [...new Set(urls)].filter(url => !own.has(url) && url !== self),
    bytes: Buffer.byteLength(parsed.text),
    // The format is not known; YAML has more marks.
    values: countMarks(parsed.text, 'YAML')
  }
}

/** The URLs of the root document: an author may leave out the query that it was read with. */
export function rootTargets(base: string): Map<string, UrlTarget> {
  return new Map([base, bareUrl(base)].map(url => [url, 0]))
}

/**
 * Links a document to its parts, so that references resolve into them
 * (docs/x-flow.md#references-to-other-documents). An unreadable part affects only the references to it.
 *
 * @param base URL of the document, with its query.
 * @param parts Each with its `url` for diagnostics.
 * @param urlTargets Target of each URL.
 */
export function linkDocument(
  document: ParsedDocument,
  base: string,
  parts: readonly (ParsedText & { readonly url: string })[],
  urlTargets: ReadonlyMap<string, UrlTarget>
): ParsedDocument {
  if (!mayReferOut(document)) return document
  const rootSelf = selfOf({ ...document, base })
  const targetOf = ({ url, at }: ExternalReference, self: string | null, own: number) => {
    if (url !== null && url === self) return own
    if (url !== null && url === rootSelf) return 0
    const target = typeof url === 'string' ? (urlTargets.get(url) ?? NOT_ALLOWED) : url
    return typeof target === 'number' ? target : { ...target, at }
  }
  const targetsIn = (
    tree: ParsedText,
    name: string,
    own: number
  ): ReadonlyMap<string, ReferenceTarget> => {
    const self = selfOf(tree)
    const references = [...resolveExternal(tree, name, base)]
    return new Map(references.map(([text, reference]) => [text, targetOf(reference, self, own)]))
  }
  const named: DocumentPart[] = []
  const targets = [targetsIn({ ...document, base }, '', 0)]
  for (const part of parts) {
    const name = uniqueName(bareUrl(part.base), named)
    named.push({ name, url: part.url, text: part.text, root: part.root })
    targets.push(targetsIn(part, name, named.length))
  }
  return { ...document, links: { parts: named, targets } }
}

/** Resolves the external references of a tree, by their text before `#`. */
function resolveExternal(
  { base, root }: ParsedText,
  name: string,
  rootBase: string
): Map<string, ExternalReference> {
  const references = [...externalReferences(root)]
  const self = selfOf({ base, root })
  return new Map(
    references.map(([text, at], index) => {
      const url = index < REFERENCES_MAX ? allowedUrl(text, self, base, rootBase) : TOO_MANY_PARTS
      return [text, { url: url ?? NOT_ALLOWED, at: name === '' ? at : `${name}#${at}` }]
    })
  )
}

/**
 * Lists external references in document order: the text before `#`, and where it first appears. Those of examples
 * count, and stand behind all others, which must not lack room for them.
 */
function externalReferences(root: JsonValue): Map<string, Pointer> {
  const [found, ofExamples] = [new Map<string, Pointer>(), new Map<string, Pointer>()]
  const addTo = (map: Map<string, Pointer>, ref: string | undefined, at: Pointer): void => {
    const document = ref?.split('#', 1)[0] ?? ''
    if (document !== '' && !map.has(document)) map.set(document, at)
  }
  walkDocument(root, '', (value, at) => {
    addTo(found, textMember(value, '$ref'), at)
    // Examples are data, but their authors refer from them, and each entry of `examples` may be a reference.
    addTo(ofExamples, textMember(value.example, '$ref'), pointer(at, 'example'))
    if (!isJsonObject(value.examples)) return
    for (const [name, example] of Object.entries(value.examples)) {
      const inside = pointer(at, 'examples', name)
      addTo(found, textMember(example, '$ref'), inside)
      addTo(ofExamples, textMember(member(example, 'value'), '$ref'), pointer(inside, 'value'))
      addTo(ofExamples, textMember(example, 'externalValue'), pointer(inside, 'externalValue'))
    }
  })
  for (const [document, at] of ofExamples) addTo(found, document, at)
  return found
}

/**
 * The absolute URL of a reference, without fragment; null when it is not allowed. A fetched document may
 * refer to fetched ones only, and from https to https only. A local file may also refer to files below
 * the folder of the root document, a bundled sample only to files of the samples folder.
 */
function allowedUrl(
  reference: string,
  self: string | null,
  from: string,
  root: string
): string | null {
  const url = parseUrl(reference, self ?? from)
  if (url === null || url.username !== '' || url.password !== '') return null
  url.hash = ''
  // The document itself, which nobody fetches again.
  if (url.href === self) return self
  const fromProtocol = new URL(from).protocol
  switch (url.protocol) {
    case 'https:':
      return fromProtocol === 'sample:' ? null : url.href
    case 'http:':
      return fromProtocol === 'http:' || fromProtocol === 'file:' ? url.href : null
    case 'file:': {
      const isBelowRoot = url.href.startsWith(new URL('.', root).href)
      return fromProtocol === 'file:' && isBelowRoot ? url.href : null
    }
    case 'sample:':
      return fromProtocol === 'sample:' ? url.href : null
    default:
      return null
  }
}

/**
 * The URL that a document says it has, which is the base of its references (OpenAPI 3.2, 4.1.2.2.1), without
 * fragment; null for none. It decides nothing about what may be read.
 */
function selfOf({ base, root }: Pick<ParsedText, 'base' | 'root'>): string | null {
  const self = textMember(root, '$self')
  const url = self === undefined ? null : URL.parse(self, base)
  if (url === null || textMember(root, 'openapi') === undefined) return null
  url.hash = ''
  return url.href
}

/** Tells apart parts whose URLs differ only in the query. */
function uniqueName(wanted: string, taken: readonly DocumentPart[]): string {
  return taken.some(({ name }) => name === wanted) ? `${wanted}?${taken.length + 1}` : wanted
}
