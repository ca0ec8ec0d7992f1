import type { Pointer } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'
import { bareUrl } from '../base/bare-url.ts'
import { foreignReferences, mayReferOut } from './foreign-references.ts'
import type { DocumentPart, ReferenceRefusal, ReferenceTarget } from './links.ts'
import type { ParsedDocument } from './parse-document.ts'
import type { PartLimits, PartReader } from '../documents/read-part.ts'
import { limitedParts, TOO_MANY } from '../documents/read-part.ts'

/** Parts that are read at the same time. */
const READ_AT_ONCE = 4

/** A tree whose references are followed: the document itself, or a part. */
type Tree = {
  readonly name: string
  /** Its URL, from which its relative references start. */
  readonly base: string
  readonly root: JsonValue
}

/** What a reference means, a URL without fragment or nothing, and the place where it does first. */
type Meaning = { readonly means: string | ReferenceRefusal; readonly at: Pointer }

const FORBIDDEN: ReferenceRefusal = { code: 'REF_NOT_ALLOWED' }

/** Other documents that a document and each part may name; they are not looked at past that. */
const NAMED_MAX = 1_000

/**
 * Reads the documents that a document refers to, and those that they refer to, so that references lead
 * into them (feature A18). One that cannot be read is the fault of the references to it, and sinks
 * nothing else. References past a limit of `limitedParts` lead nowhere.
 *
 * @param base URL of the document, with its query.
 */
export async function linkDocument(
  document: ParsedDocument,
  base: string,
  readPart: PartReader,
  limits: PartLimits
): Promise<ParsedDocument> {
  if (!mayReferOut(document.text)) return document
  const read = limitedParts(readPart, limits, document.text)
  const trees: Tree[] = [{ name: '', base, root: document.root }]
  const parts: DocumentPart[] = []
  // An author may name the document itself without the query that it was read with.
  const found = new Map<string, number | ReferenceRefusal>(
    [base, bareUrl(base)].map(url => [url, 0])
  )
  /** Of each tree, what its references mean, by their text in front of `#`. */
  const meanings: ReadonlyMap<string, Meaning>[] = []

  for (let chain = 1; meanings.length < trees.length; chain++) {
    const level = trees.slice(meanings.length).map(tree => meaningsIn(tree, base))
    meanings.push(...level)
    const means = level.flatMap(references => [...references.values()].map(one => one.means))
    const urls = means.filter(meant => typeof meant === 'string')
    const wanted = new Set(urls.filter(url => !found.has(url)))
    const answers = await inTurns([...wanted], READ_AT_ONCE, url => read(url, chain))
    // Numbered in the order of the references, whoever answers first.
    for (const [url, part] of answers) {
      if ('code' in part) {
        found.set(url, part)
        continue
      }
      const { url: shown, base: partBase, hash, stale } = part.source
      const known = found.get(partBase)
      if (typeof known === 'number') {
        // Another reference led there by another URL.
        found.set(url, known)
        continue
      }
      found.set(url, trees.length).set(partBase, trees.length)
      const name = freeName(bareUrl(partBase), trees)
      trees.push({ name, base: partBase, root: part.root })
      parts.push({ name, url: shown, text: part.text, hash, root: part.root, stale })
    }
  }
  const target = ({ means, at }: Meaning): ReferenceTarget => {
    const end = typeof means === 'string' ? (found.get(means) ?? FORBIDDEN) : means
    return typeof end === 'number' ? end : { ...end, at }
  }
  const targets = meanings.map(
    references => new Map([...references].map(([text, meaning]) => [text, target(meaning)]))
  )
  return { ...document, links: { parts, targets } }
}

function meaningsIn({ name, base, root }: Tree, documentBase: string): Map<string, Meaning> {
  const references = [...foreignReferences(root)]
  return new Map(
    references.map(([text, at], index) => {
      const url = index < NAMED_MAX ? allowedUrl(text, base, documentBase) : TOO_MANY
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
function freeName(wanted: string, taken: readonly { readonly name: string }[]): string {
  return taken.some(({ name }) => name === wanted) ? `${wanted}?${taken.length}` : wanted
}

/** Does a piece of work for each item, several at a time; what came of each, in the items' order. */
async function inTurns<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>
): Promise<[T, R][]> {
  const results: [T, R][] = []
  const left = items.entries()
  const take = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = [item, await work(item)]
  }
  await Promise.all(Array.from({ length: atOnce }, take))
  return results
}
