import type { Pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import { bareUrl } from '../base/bare-url.ts'
import { countMarks } from './check-tree.ts'
import { externalReferences, mayReferExternally } from './foreign-references.ts'
import type { DocumentPart, UrlTarget, ReferenceRefusal, ReferenceTarget } from './links.ts'
import { TOO_MANY_PARTS } from './links.ts'
import type { ParsedDocument } from './parse-document.ts'

/** A text with its tree: the document itself, or a part. */
export type ParsedText = {
  /** Its URL, from which its relative references start. */
  readonly base: string
  readonly text: string
  readonly root: JsonValue
}

/** What a text refers to, and what it takes of the limits on a document and its parts together. */
export type Outline = {
  /** The other documents, absolute and without fragment, in the order of the references. */
  readonly urls: readonly string[]
  readonly bytes: number
  /** Values at the most. */
  readonly values: number
}

/** What a reference means: a URL without fragment or nothing, and the place where it does first. */
type Meaning = { readonly means: string | ReferenceRefusal; readonly at: Pointer }

/** Other documents that a document and each part may name; they are not looked at past that. */
const NAMED_MAX = 1_000

const FORBIDDEN: ReferenceRefusal = { code: 'REF_NOT_ALLOWED' }

/**
 * Lists what a text refers to, as far as it may.
 *
 * @param rootBase The `base` of the document itself.
 */
export function outlineOf(parsed: ParsedText, rootBase: string): Outline {
  const own = rootTargets(rootBase)
  const meanings = [...meaningsIn(parsed, '', rootBase).values()]
  const urls = meanings.flatMap(({ means }) => (typeof means === 'string' ? [means] : []))
  return {
    urls: [...new Set(urls)].filter(url => !own.has(url)),
    bytes: Buffer.byteLength(parsed.text),
    // Marks of YAML are more, and a text may be either.
    values: countMarks(parsed.text, 'YAML')
  }
}

/** The URLs that mean the document itself: an author may name it without the query that it was read with. */
export function rootTargets(base: string): Map<string, UrlTarget> {
  return new Map([base, bareUrl(base)].map(url => [url, 0]))
}

/**
 * Links a document to its parts, so that references lead into them
 * (docs/x-flow.md#references-to-other-documents). A part that cannot be read is the fault of the
 * references to it, and sinks nothing else.
 *
 * @param base URL of the document, with its query.
 * @param parts Each with its `url` as diagnostics name it.
 * @param ends What each URL leads to.
 */
export function linkDocument(
  document: ParsedDocument,
  base: string,
  parts: readonly (ParsedText & { readonly url: string })[],
  ends: ReadonlyMap<string, UrlTarget>
): ParsedDocument {
  if (!mayReferExternally(document.text)) return document
  const target = ({ means, at }: Meaning): ReferenceTarget => {
    const end = typeof means === 'string' ? (ends.get(means) ?? FORBIDDEN) : means
    return typeof end === 'number' ? end : { ...end, at }
  }
  const targetsIn = (tree: ParsedText, name: string): ReadonlyMap<string, ReferenceTarget> => {
    const meanings = [...meaningsIn(tree, name, base)]
    return new Map(meanings.map(([text, meaning]) => [text, target(meaning)]))
  }
  const named: DocumentPart[] = []
  const targets = [targetsIn({ ...document, base }, '')]
  for (const part of parts) {
    const name = freeName(bareUrl(part.base), named)
    named.push({ name, url: part.url, text: part.text, root: part.root })
    targets.push(targetsIn(part, name))
  }
  return { ...document, links: { parts: named, targets } }
}

/** What the references of a tree mean, by their text in front of `#`. */
function meaningsIn(
  { base, root }: ParsedText,
  name: string,
  rootBase: string
): Map<string, Meaning> {
  const references = [...externalReferences(root)]
  return new Map(
    references.map(([text, at], index) => {
      const url = index < NAMED_MAX ? allowedUrl(text, base, rootBase) : TOO_MANY_PARTS
      return [text, { means: url ?? FORBIDDEN, at: name === '' ? at : `${name}#${at}` }]
    })
  )
}

/**
 * The URL that a reference means, without fragment; null where its document may not refer to it. A
 * document that was fetched refers to what is fetched, and by https to https only. A local file may
 * also refer to files below the folder of the root, a bundled sample only to files beside it.
 */
function allowedUrl(reference: string, from: string, root: string): string | null {
  const url = URL.parse(reference, from)
  if (url === null || url.username !== '' || url.password !== '') return null
  url.hash = ''
  const holder = new URL(from).protocol
  switch (url.protocol) {
    case 'https:':
      return holder === 'sample:' ? null : url.href
    case 'http:':
      return holder === 'http:' || holder === 'file:' ? url.href : null
    case 'file:':
      return holder === 'file:' && url.href.startsWith(new URL('.', root).href) ? url.href : null
    case 'sample:':
      return holder === 'sample:' ? url.href : null
    default:
      return null
  }
}

/** Parts that differ in the query of their URLs are shown alike, and are different places. */
function freeName(wanted: string, taken: readonly DocumentPart[]): string {
  return taken.some(({ name }) => name === wanted) ? `${wanted}?${taken.length + 1}` : wanted
}
