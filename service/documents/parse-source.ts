import type { Outline, ParsedText } from '../parse/link-document.ts'
import { linkDocument, mayReferExternally, outlineOf, rootTargets } from '../parse/link-document.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { parseDocument, parsePart } from '../parse/parse-document.ts'
import type { GatheredParts, SourceText } from './source-document.ts'
import { unpackText } from './source-document.ts'

// Parsing blocks the event loop: only compile processes and commands call these.

/** Gathered parts as a compile process gets them. */
export type GatheredTexts = Pick<GatheredParts, 'targets'> & {
  readonly parts: readonly SourceText[]
}

/** @throws ConnectorError those of `parseDocument`. */
export function parseSource({ packed, contentType, url }: SourceText): ParsedDocument {
  return parseDocument(unpackText(packed), contentType ?? '', url)
}

/** Lists the references of a document. @returns Null when there is nothing to gather. */
export function outlineRoot(document: ParsedDocument, { base }: SourceText): Outline | null {
  if (!mayReferExternally(document.text)) return null
  const outline = outlineOf({ ...document, base }, base)
  return outline.urls.length === 0 ? null : outline
}

/** Lists the references of a part. @throws ConnectorError those of `parsePart`. */
export function outlinePart(part: SourceText, rootBase: string): Outline {
  return outlineOf(parsePartSource(part), rootBase)
}

/** Links a document to its parts; `gathered` is null when it has none. */
export function linkParts(
  document: ParsedDocument,
  { base }: SourceText,
  gathered: GatheredTexts | null
): ParsedDocument {
  const { parts, targets } = gathered ?? { parts: [], targets: rootTargets(base) }
  return linkDocument(document, base, parts.map(parsePartSource), targets)
}

function parsePartSource(part: SourceText): ParsedText & { readonly url: string } {
  const { url, base, packed, contentType } = part
  const text = unpackText(packed)
  return { url, base, text, root: parsePart(text, contentType ?? '', url) }
}
