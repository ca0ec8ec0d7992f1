import { mayReferOut } from '../parse/foreign-references.ts'
import type { Outline, ParsedText } from '../parse/link-document.ts'
import { linkDocument, outlineOf, ownEnds } from '../parse/link-document.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { parseDocument, parsePart } from '../parse/parse-document.ts'
import type { Gathered, SourceText } from './source-document.ts'
import { unpackText } from './source-document.ts'

// Parsing takes its time: this is for the processes that compile, and for commands.

/** Parts as far as they are compiled. */
export type GatheredTexts = Pick<Gathered, 'ends'> & { readonly parts: readonly SourceText[] }

/** Parses a document. @throws ConnectorError those of `parseDocument`. */
export function parseSource({ packed, contentType, url }: SourceText): ParsedDocument {
  return parseDocument(unpackText(packed), contentType ?? '', url)
}

/** Lists what a document refers to; null where there is nothing to gather. */
export function outlineRoot(document: ParsedDocument, { base }: SourceText): Outline | null {
  if (!mayReferOut(document.text)) return null
  const outline = outlineOf({ ...document, base }, base)
  return outline.urls.length === 0 ? null : outline
}

/** Lists what a part refers to. @throws ConnectorError those of `parsePart`. */
export function outlinePart(part: SourceText, rootBase: string): Outline {
  return outlineOf(parsePartSource(part), rootBase)
}

/** Links a document to its parts, or to none where there was nothing to gather. */
export function linkParts(
  document: ParsedDocument,
  { base }: SourceText,
  gathered: GatheredTexts | null
): ParsedDocument {
  const { parts, ends } = gathered ?? { parts: [], ends: ownEnds(base) }
  return linkDocument(document, base, parts.map(parsePartSource), ends)
}

function parsePartSource(part: SourceText): ParsedText & { readonly url: string } {
  const { url, base, packed, contentType } = part
  const text = unpackText(packed)
  return { url, base, text, root: parsePart(text, contentType ?? '', url) }
}
